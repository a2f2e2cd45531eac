"""Welcome and sign in, driven as a person would, in every state."""
