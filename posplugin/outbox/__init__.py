"""One SQLite file per terminal: every document on its way, and all that ever happened to it."""
