"""Cloudflare's DNS."""
