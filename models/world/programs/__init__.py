"""Steps in other programs: editors, terminals, browsers, slides, and what lies over a video."""
