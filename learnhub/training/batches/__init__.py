"""Batches of a task: when and where they are held, their timetable as planned, their seats."""
