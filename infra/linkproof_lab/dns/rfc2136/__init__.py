"""A primary server that takes signed dynamic updates: a hidden one, whose two secondaries serve its zones."""
