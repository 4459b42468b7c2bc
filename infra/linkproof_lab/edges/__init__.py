"""The edges that the lab plays, one folder each."""
