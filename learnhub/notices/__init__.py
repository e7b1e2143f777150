"""Notices: one digest of a branch's work to its recorder, and the meetings of a branch to the member who asked."""
