"""The preview: filter, search, one person in detail, CSV, and what the guard holds."""
