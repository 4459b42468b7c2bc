"""The origin that records every byte, and answers as it is told."""
