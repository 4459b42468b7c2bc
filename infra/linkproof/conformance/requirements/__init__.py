"""What is asked of an edge, as data."""
