"""A small internet of real servers (knot, unbound, nginx) in a network namespace of its own."""
