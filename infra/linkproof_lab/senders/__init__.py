"""The senders that the lab plays, one folder each."""
