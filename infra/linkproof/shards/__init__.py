"""One verification in parts: by zone, and from several vantages; and what the parts say together."""
