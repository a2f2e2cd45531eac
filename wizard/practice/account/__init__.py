"""The stand-in for an account service: sign-in, organizational units, connections, sync."""
