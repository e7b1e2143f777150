"""Reading: courses, the month's unit, the member's own marks."""
