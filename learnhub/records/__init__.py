"""The record book: credit hours and completions, append-only, with what they rest on."""
