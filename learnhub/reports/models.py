"""Tables of the reports: what was issued on a day stays as it was issued."""
