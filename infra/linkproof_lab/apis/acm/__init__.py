"""Certificate Manager's API: certificates that are issued once DNS proves the domain."""
