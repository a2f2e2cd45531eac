"""The first sync and the done page, beside a background sync that stands where a test puts it."""
