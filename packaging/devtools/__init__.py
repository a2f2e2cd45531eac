"""What the development commands are made of; the standard library only."""
