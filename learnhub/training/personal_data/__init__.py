"""What rotational training holds about a person."""
