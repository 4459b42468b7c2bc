"""Google Cloud DNS."""
