"""Laying papers out: XLSX, PDF and Word, the same bytes for the same value."""

from learnhub.papers.service.sheets import write_xlsx
from learnhub.papers.service.typesetting import pdf
from learnhub.papers.service.word import word
from learnhub.typesetter.client import find_unprintable as unprintable

__all__ = ["pdf", "unprintable", "word", "write_xlsx"]
