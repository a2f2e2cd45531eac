"""HTTP sessions with trust, proxies, pinned hosts, retries, budgets and the read-only wall."""
