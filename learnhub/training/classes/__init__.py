"""Everyone who waits, split into classes; the remainder of a batch."""
