"""A verification in shards as an Indexed Job of Kubernetes."""
