"""One function for each requirement."""
