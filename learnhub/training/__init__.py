"""Rotational training: tasks, batches, places, sessions, completion."""
