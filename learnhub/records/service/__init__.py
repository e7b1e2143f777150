"""Writing the record book: facts are added, and withdrawn by a correction; never changed."""

from learnhub.records.service.book import complete, credit, withdraw, withdraw_completions

__all__ = ["complete", "credit", "withdraw", "withdraw_completions"]
