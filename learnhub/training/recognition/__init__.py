"""Study elsewhere that is recognised for a task."""
