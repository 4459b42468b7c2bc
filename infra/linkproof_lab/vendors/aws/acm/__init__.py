"""Certificate Manager."""
