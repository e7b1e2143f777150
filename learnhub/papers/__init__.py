"""Papers: one value, laid out as a page, XLSX, PDF and Word. Pure: no database, no Flask."""
