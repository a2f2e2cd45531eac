"""The window: the only Qt besides the program's start."""
