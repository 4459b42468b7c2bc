"""What a declared plan makes at an edge's vendor, written into the lab's store as its API would have it after a deployment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from linkproof import registry
from linkproof.contract.items import Record
from linkproof.declaration.load import require
from linkproof.edges.cloudflare.items import Ruleset
from linkproof.plan.build import build
from linkproof.plan.model import Plan
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store

from tests.conformance.conftest import HOST
from tests.conformance.lab import azure, cloudfront, fastly, gcp, keycdn

ZONE, ZONE_ID = "example.net", "023e105f4ecef8ad9ca31a8372d0c353"
_DNS = {
    "azure": "azure, id: mail/example.net, account: network",
    "cloudflare": f"cloudflare, id: {ZONE_ID}",
    "gcp": "gcp, id: example-net, account: network",
}
TENANT = "cloudfront (tenant)"
_OPTIONS = {
    "azure": ", account: cdn",
    "fastly": ", account: cdn",
    "gcp": ", account: cdn",
    "keycdn": ", account: cdn, certificate: links",
    TENANT: ", mode: tenant",
}
# A tenant sets no X-Forwarded-Host.
_REFUSED = {(TENANT, "sparkpost")}


def provider_of(edge: str) -> str:
    """What the declaration calls it: an edge may have several ways to be declared, with words in parentheses."""
    return edge.partition(" ")[0]


def planned(edge: str, sender: str, folder: Path) -> Plan:
    # the one by which `needs_of` says what a sender needs
    region = registry.sender(sender).plan.targets()[0][1]
    file = folder / f"{edge}-{sender}.yaml"
    file.write_text(
        f"""version: 1
zones:
  {ZONE}: {{dns: {_DNS.get(edge, "route53, id: Z0EXAMPLE0NET")}}}
edges:
  one: {{provider: {provider_of(edge)}{_OPTIONS.get(edge, "")}}}
senders:
  mail: {{provider: {sender}, region: {region}}}
links:
  one: {{sender: mail, click_host: {HOST}, edge: one, phase: live{", owner_host: 1234567.example.net" if sender == "sendgrid" else ""}}}
"""
    )
    return build(require(file))


def deploy(plan: Plan, edge: str, settings: LabSettings, store: Store) -> None:
    _DEPLOYED[edge](plan, settings, store)


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
    "cloudfront": cloudfront.deploy,
    TENANT: cloudfront.deploy_tenant,
    "cloudflare": _cloudflare,
    "fastly": fastly.deploy,
    "gcp": gcp.deploy,
    "azure": azure.deploy,
    "keycdn": keycdn.deploy,
}
EDGES = tuple(_DEPLOYED)
PAIRS = tuple((edge, sender) for edge in EDGES for sender in registry.SENDERS if (edge, sender) not in _REFUSED)
