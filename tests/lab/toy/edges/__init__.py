"""A toy edge: an API that makes edges, an address that serves them, a resource type."""
