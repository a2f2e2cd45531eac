"""Directories as the workspaces tell them, one folder a provider."""
