"""`linkproof show`: what stands, from files and the engine's state alone."""
