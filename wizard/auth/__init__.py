"""Signing in through the browser and keeping tokens fresh."""
