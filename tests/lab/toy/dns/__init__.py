"""A toy DNS host: an API that holds records, two servers that serve them, a resource type."""
