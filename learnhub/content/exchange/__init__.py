"""Questions in and out of other forms: Word-style text, an XLSX sheet, Moodle GIFT, Aiken.

`drafts` is what all forms meet at, `markdown` writes and proves it in ours, `files` opens a file and reads it as asked.
Nothing is dropped silently: what cannot be read or held is a problem at its line (row), what is read otherwise a warning.
"""
