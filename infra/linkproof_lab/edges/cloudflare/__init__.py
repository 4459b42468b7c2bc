"""Cloudflare's edge and the rules of its zones."""
