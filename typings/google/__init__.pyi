"""The namespace that google-auth shares; only what the product calls is described."""
