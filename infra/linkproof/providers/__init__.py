"""Our own Pulumi providers, where none exists."""
