"""A certificate for a tracking host from a CA that proves the host by DNS (RFC 8555, dns-01)."""
