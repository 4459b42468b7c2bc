"""Cells to a verdict, and what a person needs to act on it."""
