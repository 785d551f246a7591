"""One frame: what it shows, how it looks, where everything stands, how it is painted and how its lines are read."""
