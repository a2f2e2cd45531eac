"""Only what the product calls is described here."""
