"""Closing a batch, and opening it again."""
