"""A DNS host whose records people write by hand."""
