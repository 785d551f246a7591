"""The vision encoder: pictures become rows for the decoder."""
