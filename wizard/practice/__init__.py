"""The practice organization: a whole world on loopback to rehearse in."""
