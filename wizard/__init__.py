"""Enterprise Connect Setup: from an installer to an account for everyone, kept in step."""

__version__ = "0.1.0"
