"""A demonstration county, generated: the same people and histories for every seed."""
