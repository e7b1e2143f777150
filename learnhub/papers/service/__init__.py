"""Laying papers out: XLSX, PDF and Word, the same bytes for the same value."""

from learnhub.papers.service.fonts import find_fonts, spare_fonts, unprintable, use_fonts
from learnhub.papers.service.sheets import write_xlsx
from learnhub.papers.service.typesetting import pdf, typeset
from learnhub.papers.service.word import word

__all__ = ["find_fonts", "pdf", "spare_fonts", "typeset", "unprintable", "use_fonts", "word", "write_xlsx"]
