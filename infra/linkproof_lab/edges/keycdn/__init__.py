"""KeyCDN: zones, zone aliases, and the edge that they make."""
