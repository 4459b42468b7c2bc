"""Asking authoritative servers and resolvers."""

from linkproof import compiled

__path__ = compiled.path_of(__path__)
