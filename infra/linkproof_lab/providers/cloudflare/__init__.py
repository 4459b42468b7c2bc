"""The stand-in for `pulumi-resource-cloudflare`."""
