"""Lists of members trained by a higher level, recognised together."""
