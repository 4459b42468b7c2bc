"""Azure DNS."""
