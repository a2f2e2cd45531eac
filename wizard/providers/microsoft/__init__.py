"""Microsoft 365: what it asks for, its checks and its directory reader."""
