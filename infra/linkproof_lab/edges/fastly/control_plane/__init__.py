"""What its API holds."""
