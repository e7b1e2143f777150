"""Flask glue without features."""
