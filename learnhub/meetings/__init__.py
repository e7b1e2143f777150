"""The three meetings and the theme Party day: scheduling, minutes, what is due."""
