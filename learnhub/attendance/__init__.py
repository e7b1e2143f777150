"""Occasions and their rolls: outcomes, leave, make-up, home visits."""
