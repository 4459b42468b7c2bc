"""A small internet on loopback. Nothing in production imports it."""
