"""Sessions of a batch: timetable and roll."""
