"""Training tasks: whom one is for, its cycle, its completion rule, its amendments."""
