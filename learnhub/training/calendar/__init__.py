"""Holidays and days worked instead: the working days of a year."""
