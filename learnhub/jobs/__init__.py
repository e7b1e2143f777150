"""Jobs: work that takes longer than a request, done by a worker process, with progress that can be found again."""
