"""What its edge does with a request."""
