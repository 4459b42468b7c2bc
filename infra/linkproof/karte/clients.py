"""How the usual ACME clients make what KARTE takes, by what their defaults make otherwise.

Seen by running certbot 5, lego 4.9.1 and its version 5, dehydrated 0.7 and uacme 1.7; acme.sh by its own help text.
"""

from __future__ import annotations


def rsa_2048(host: str) -> tuple[str, ...]:
    """They make P-256 (certbot, lego, acme.sh), P-384 (dehydrated), or RSA 4096 (dehydrated told `rsa`)."""
    return (
        f"certbot:    certbot certonly -d {host} --key-type rsa --rsa-key-size 2048",
        f"lego:       lego --domains {host} --key-type rsa2048 run (and again with each renew: without it lego 4 makes P-256)",
        "dehydrated: KEY_ALGO=rsa and KEYSIZE=2048 in its config",
        f"uacme:      uacme --type RSA --bits 2048 issue {host}",
        f"acme.sh:    acme.sh --issue -d {host} --keylength 2048",
        f"any:        linkproof karte csr {host}, and give the request to the client",
    )


def fresh_key(host: str) -> tuple[str, ...]:
    """Those that take the same key again: uacme and acme.sh."""
    return (
        "certbot:    leave out --reuse-key",
        "lego:       leave out --reuse-key",
        'dehydrated: PRIVATE_KEY_RENEW="yes"',
        f"uacme:      move private/{host}/key.pem away before it issues",
        f"acme.sh:    acme.sh --renew -d {host} --always-force-new-domain-key",
    )


def whole_chain(host: str) -> tuple[str, ...]:
    """Where each puts the leaf with its intermediates."""
    return (
        f"certbot:    live/{host}/fullchain.pem",
        f"lego:       certificates/{host}.crt",
        f"dehydrated: certs/{host}/fullchain.pem",
        f"uacme:      {host}/cert.pem",
        f"acme.sh:    {host}/fullchain.cer",
    )
