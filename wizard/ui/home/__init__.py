"""Home: what the window is once the set-up is done."""
