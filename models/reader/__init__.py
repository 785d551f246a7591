"""The line recogniser: a picture of a line becomes text."""
