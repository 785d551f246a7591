"""Simulated sessions: a developer who takes steps, what the screen shows meanwhile, and what is said about it."""
