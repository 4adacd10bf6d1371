"""From the outbox to the accounting system: look first, send once, compare, and say what a person must do."""
