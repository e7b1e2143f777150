"""Content: what authors write in Markdown becomes a frozen catalogue."""
