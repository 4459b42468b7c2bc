"""Cloudflare's API, version 4: zones, DNS records, rulesets and SSL."""
