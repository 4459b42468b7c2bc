"""Servers of one's own as edges: what nginx, haproxy, Caddy, Apache, Traefik and Envoy have in common here."""
