"""The DNS hosts that the lab plays, one folder each."""
