"""The parts that pages are made of, each painted from the theme's tokens."""
