"""The tree of Party organizations: dated parent links, kinds, domains."""
