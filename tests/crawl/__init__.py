"""Every role opens every page of every world, as it should be asked for and as it should not."""
