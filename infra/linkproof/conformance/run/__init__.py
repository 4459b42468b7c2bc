"""A run: what is asked, in which order, and what came of it."""
