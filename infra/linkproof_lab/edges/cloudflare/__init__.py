"""An edge that behaves as Cloudflare does with the proxied records and rules that the API holds."""
