"""Asking authoritative servers and resolvers."""
