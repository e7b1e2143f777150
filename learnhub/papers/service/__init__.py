"""Laying papers out: XLSX, PDF and Word, the same bytes for the same value."""

from learnhub.papers.service.sheets import write_xlsx
from learnhub.papers.service.typesetting import pdf
from learnhub.papers.service.word import word

__all__ = ["pdf", "word", "write_xlsx"]
