"""Feedback: complaints and suggestions with a number and a deadline, and what members say of a course."""
