"""Typed account service profiles, with line-exact mistakes and the rules of trust."""
