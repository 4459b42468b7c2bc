"""What its edge does with what the API holds."""
