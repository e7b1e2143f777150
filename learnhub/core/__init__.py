"""Ground floor: the mapping base, the clock, the errors of the domain and text tools. Knows no other room."""
