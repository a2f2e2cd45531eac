"""The page that authorizes Google: permissions, waiting, findings, the full stop, and Active."""
