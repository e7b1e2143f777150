"""The server: one parent that holds the address and keeps its children running, some of them answering requests."""
