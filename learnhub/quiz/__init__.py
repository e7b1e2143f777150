"""Questions, attempts, grading."""
