"""Its API."""
