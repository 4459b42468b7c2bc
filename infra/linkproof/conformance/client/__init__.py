"""How the edge is asked: exact bytes, and TLS as it is told."""
