"""Coverage: reads across rooms, writes only its own rows."""
