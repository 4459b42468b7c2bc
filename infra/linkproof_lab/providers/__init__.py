"""Stand-ins for the real `aws` and `cloudflare` Pulumi providers, which speak to the lab's APIs and to nothing else."""
