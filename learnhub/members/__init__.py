"""The roster: members, dated membership, posts and circumstances; import and export."""
