"""How files say things in the reader's language."""

from learnhub.core.voice import Cell, Voice

__all__ = ["Cell", "Voice"]
