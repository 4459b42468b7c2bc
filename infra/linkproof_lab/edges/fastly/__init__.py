"""Fastly: services, TLS subscriptions, and the edge that they make."""
