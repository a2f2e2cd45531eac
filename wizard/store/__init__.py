"""The local SQLite store: snapshots, links, journal and runs."""
