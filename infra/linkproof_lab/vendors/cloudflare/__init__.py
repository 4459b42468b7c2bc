"""What Cloudflare's services share: tokens, zones, the envelope of answers."""
