"""The whole set-up by keyboard alone, and the help panel by its keys."""
