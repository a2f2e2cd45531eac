"""Account services behind one protocol, one folder an adapter."""
