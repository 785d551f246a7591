"""What a decoder or a whole pack is worth: held-out sessions and clips, matching and counting, the figures."""
