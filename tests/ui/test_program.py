"""The program as a process: one window a profile, no display, a profile from outside, closing."""
