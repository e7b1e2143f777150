"""What members of a reading class choose to write."""
