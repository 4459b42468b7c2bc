"""What the engine asks of a provider, answered for any provider out of its resource types."""
