"""The service behind the guide, as it is in public."""
