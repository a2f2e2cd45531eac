"""The stand-in for Google: sign-in, consent, and the Directory API."""
