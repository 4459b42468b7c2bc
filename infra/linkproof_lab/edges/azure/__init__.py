"""Azure Front Door, Standard."""
