"""One module a measure, each with `measure(world)` that yields its lines; a new one is found by being here."""
