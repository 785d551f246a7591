"""Steps with real command-line tools, whose output was recorded."""
