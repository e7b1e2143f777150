"""Whether a start is safe: one list of checks for every way to start, shown whole by `flask doctor`."""
