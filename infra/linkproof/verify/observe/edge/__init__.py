"""Asking edges: TLS and HTTP."""
