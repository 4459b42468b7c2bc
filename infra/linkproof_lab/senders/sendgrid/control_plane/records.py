"""The DNS records that a branded link and an authenticated domain ask for, by the API's own member names."""

from __future__ import annotations

import hashlib
from typing import Any

TARGETS = {"us": "sendgrid.net", "eu": "eu.sendgrid.net"}
AUTO_SSL_TARGET = "click.sendgrid.net"


def link_records(link: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Two records, or the four of Auto SSL. How the API calls the latter two was not found: these member names are the lab's."""
    host, target = f"{link['subdomain']}.{link['domain']}", TARGETS[link["region"]]
    if link["legacy"]:
        return {"domain_cname": _record("cname", host, target)}
    found = {
        "domain_cname": _record("cname", host, AUTO_SSL_TARGET if link["auto_ssl"] else target),
        "owner_cname": _record("cname", f"{link['user_id']}.{link['domain']}", target),
    }
    if link["auto_ssl"]:
        token = hashlib.sha256(f"{link['id']} {host}".encode()).hexdigest()
        dcv = f"{host}.{token[:16]}.dcv.cloudflare.com"
        found["acme_challenge_cname"] = _record("cname", f"_acme-challenge.{host}", dcv)
        found["custom_hostname_txt"] = _record("txt", f"_cf-custom-hostname.{host}", token[:32])
    return found


def domain_records(domain: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Three CNAMEs with automatic security; without it MX, SPF and the DKIM key."""
    name, below = domain["domain"], f"{domain['subdomain']}.{domain['domain']}"
    account = f"u{domain['user_id']}.wl{'.eu' if domain['region'] == 'eu' else ''}.sendgrid.net"
    selector = domain["custom_dkim_selector"]
    if domain["automatic_security"]:
        first, second = (f"{selector}1", f"{selector}2") if selector else ("s1", "s2")
        return {
            "mail_cname": _record("cname", below, account),
            "dkim1": _record("cname", f"{first}._domainkey.{name}", f"{first}.domainkey.{account}"),
            "dkim2": _record("cname", f"{second}._domainkey.{name}", f"{second}.domainkey.{account}"),
        }
    key = hashlib.sha256(f"dkim {domain['id']}".encode()).hexdigest()
    spf = "v=spf1 include:sendgrid.net ~all"
    if domain["custom_spf"]:
        spf = f"v=spf1 {' '.join(f'ip4:{ip}' for ip in domain['ips'])} -all"
    return {
        "mail_server": _record("mx", below, "mx.sendgrid.net"),
        "subdomain_spf": _record("txt", below, spf),
        "dkim": _record("txt", f"{selector or 'm1'}._domainkey.{name}", f"k=rsa; t=s; p={key}"),
    }


def with_validity(records: dict[str, dict[str, Any]], valid: dict[str, bool]) -> dict[str, dict[str, Any]]:
    return {name: {"valid": valid.get(name, False), **record} for name, record in records.items()}


def _record(kind: str, host: str, data: str) -> dict[str, Any]:
    return {"type": kind, "host": host, "data": data}
