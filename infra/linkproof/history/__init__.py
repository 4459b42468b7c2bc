"""What every record ever served, and until when an answer of then may still live. It is kept with the engine's state."""
