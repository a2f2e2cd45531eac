"""Google Workspace: what it asks for, its checks and its directory reader."""
