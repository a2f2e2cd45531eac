"""Provisioning: the draft, Save, and what happens when somebody else saved in between."""
