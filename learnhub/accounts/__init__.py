"""Sign-in, roles bound to an organization, and the guards every view wears."""
