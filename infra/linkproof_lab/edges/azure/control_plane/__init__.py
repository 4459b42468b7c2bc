"""What its API holds and refuses."""
