"""What a declared plan makes at an edge's vendor, written into the lab's store as its API would have it after a deployment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from linkproof import registry
from linkproof.contract.items import Record
from linkproof.declaration.load import require
from linkproof.edges.cloudflare.items import Ruleset
from linkproof.edges.cloudfront.items import CachePolicy, Distribution, OriginRequestPolicy
from linkproof.plan.build import build
from linkproof.plan.model import Plan
from linkproof_lab import ca
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store

from tests.conformance.conftest import HOST
from tests.conformance.lab import azure, fastly, gcp, keycdn

ZONE, ZONE_ID = "example.net", "023e105f4ecef8ad9ca31a8372d0c353"
_DNS = {
    "azure": "azure, id: mail/example.net, account: network",
    "cloudflare": f"cloudflare, id: {ZONE_ID}",
    "gcp": "gcp, id: example-net, account: network",
}
_OPTIONS = {
    "azure": ", account: cdn",
    "fastly": ", account: cdn",
    "gcp": ", account: cdn",
    "keycdn": ", account: cdn, certificate: links",
}


def planned(edge: str, sender: str, folder: Path) -> Plan:
    # the one by which `needs_of` says what a sender needs
    region = registry.sender(sender).plan.targets()[0][1]
    file = folder / f"{edge}-{sender}.yaml"
    file.write_text(
        f"""version: 1
zones:
  {ZONE}: {{dns: {_DNS.get(edge, "route53, id: Z0EXAMPLE0NET")}}}
edges:
  one: {{provider: {edge}{_OPTIONS.get(edge, "")}}}
senders:
  mail: {{provider: {sender}, region: {region}}}
links:
  one: {{sender: mail, click_host: {HOST}, edge: one, phase: live{", owner_host: 1234567.example.net" if sender == "sendgrid" else ""}}}
"""
    )
    return build(require(file))


def deploy(plan: Plan, edge: str, settings: LabSettings, store: Store) -> None:
    _DEPLOYED[edge](plan, settings, store)


def _one(plan: Plan, kind: type) -> Any:
    return next((item for item in plan.items if isinstance(item, kind)), None)


def _cloudfront(plan: Plan, settings: LabSettings, store: Store) -> None:
    made, policy, cache = (_one(plan, kind) for kind in (Distribution, OriginRequestPolicy, CachePolicy))
    issued = ca.issue(settings, [HOST], key="ec256")
    certificate = {"status": "ISSUED", "names": [HOST], "cert_pem": issued.cert_pem, "chain_pem": issued.chain_pem}
    store.put("acm-certificate", "arn:one", {**certificate, "key_pem": issued.key_pem})
    served = {
        "id": "E1",
        "domain": "e1.cloudfront.net",
        "aliases": [HOST],
        "enabled": True,
        "certificate_arn": "arn:one",
        "minimum_protocol_version": made.minimum_tls,
        "origin": {
            "domain": made.origin,
            "http_port": 80,
            "https_port": 443,
            "protocol_policy": made.origin_protocol,
            "ssl_protocols": list(made.origin_tls),
            "custom_headers": dict(made.origin_headers),
        },
        "viewer_protocol_policy": made.viewer_protocol,
        "allowed_methods": list(made.methods),
        "cache_policy": {
            "id": "c",
            "min_ttl": cache.minimum_seconds if cache else 0,
            "default_ttl": cache.seconds if cache else 0,
            "max_ttl": cache.seconds if cache else 0,
            "query_strings": cache.query_strings if cache else "none",
            "headers": [],
            "cookies": "none",
        },
        "origin_request_policy": {
            "id": "p",
            "headers": list(policy.headers),
            "query_strings": policy.query_strings,
            "cookies": policy.cookies,
        },
        "error_caching": [[status, 0] for status in made.error_statuses],
        "ipv6": made.ipv6,
        "http_version": "http2",
    }
    store.put("cloudfront-distribution", "E1", {"pending_config": served, "deployed_config": None, "deploys_at": 0})


def _cloudflare(plan: Plan, settings: LabSettings, store: Store) -> None:
    store.ensure_zone(ZONE_ID, ZONE, "cloudflare", (("ada.example", "127.0.0.1"),))
    click = next(item for item in plan.items if isinstance(item, Record) and item.name == HOST)
    assert isinstance(click.value, str)
    record = {
        "id": HOST,
        "zone_id": ZONE_ID,
        "name": HOST,
        "type": "CNAME",
        "content": click.value.rstrip("."),
        "proxied": True,
    }
    store.put("cloudflare-record", HOST, record)
    for ruleset in (item for item in plan.items if isinstance(item, Ruleset)):
        rules = [
            {
                "ref": rule.ref,
                "enabled": True,
                "action": rule.action,
                "expression": rule.expression,
                "action_parameters": {
                    **dict(rule.parameters),
                    **(
                        {"headers": {name: {"operation": "set", "expression": value} for name, value in rule.headers}}
                        if rule.headers
                        else {}
                    ),
                },
            }
            for rule in ruleset.rules
        ]
        store.put("cloudflare-ruleset", f"{ZONE_ID}/{ruleset.ruleset_phase}", {"rules": rules})


_DEPLOYED: dict[str, Callable[[Plan, LabSettings, Store], None]] = {
    "cloudfront": _cloudfront,
    "cloudflare": _cloudflare,
    "fastly": fastly.deploy,
    "gcp": gcp.deploy,
    "azure": azure.deploy,
    "keycdn": keycdn.deploy,
}
EDGES = tuple(_DEPLOYED)
