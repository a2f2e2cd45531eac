"""Secrets at rest: one key in the operating system's keyring, all else sealed in a file."""
