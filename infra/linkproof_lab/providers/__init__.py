"""Stand-ins for the real Pulumi providers: one per package that the services' facts name. They speak to the lab's APIs alone."""
