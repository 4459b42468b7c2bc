"""KARTE."""
