"""Certificates of those who completed a batch."""
