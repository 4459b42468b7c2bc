"""A certificate for a tracking host from where its declaration says: a CA that proves the host by DNS (RFC 8555), or ACM."""
