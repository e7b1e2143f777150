"""Test results, outcomes and the completions decided from them."""
