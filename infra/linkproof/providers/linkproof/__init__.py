"""`linkproof`: a provider without a vendor. What it holds is in the engine's state alone."""
