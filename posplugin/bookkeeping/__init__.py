"""From a sale to what is owed: pure rules, no I/O."""
