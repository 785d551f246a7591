"""Throw-away projects, and the commands whose output is recorded in them."""
