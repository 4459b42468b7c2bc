"""States as the engine exports them, written by hand: what was deployed, in the engine's own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from linkproof.contract.state import Resource, State
from linkproof.credentials import read_credentials
from linkproof.declaration.model import Declaration
from linkproof.engine.clients import Clients
from linkproof.engine.guard import Refusal
from linkproof.engine.guard import judge as judge_plan
from linkproof.engine.guard.asking import Answer, Ask, Question
from linkproof.engine.state import read_state, record_sides, record_values
from linkproof.history import keep
from linkproof.history.served import Served, served_now
from linkproof.plan.build import build
from linkproof.plan.model import Plan

from tests.managed import read

T0 = "2026-11-01T10:00:00Z"
T1 = "2026-11-22T10:00:00Z"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
JUST_AFTER = datetime(2026, 11, 22, 10, 1, tzinfo=UTC)

NET, COM, ORG = "url1.example.net", "url1.example.com", "url1.example.org"
ZONES = """version: 1
zones:
  example.net: {dns: route53, id: Z0EXAMPLE0NET}
  example.com: {dns: cloudflare, id: 023e105f4ecef8ad9ca31a8372d0c353}
  example.org: {dns: manual}
"""
EDGES = """edges:
  aws: {provider: cloudfront, drain: 0s}
  cdn: {provider: cloudfront, account: cdn, drain: 0s}
  cf: {provider: cloudflare, drain: 0s}
"""


def clients_of(accounts: dict[str, Any], secrets: dict[str, Any]) -> Clients:
    """Clients as a command makes them from the config of a stack `dev`."""
    return Clients(read_credentials(accounts, secrets, "dev"))


def declared(*links: str, edges: str = EDGES) -> Declaration:
    text = ZONES + edges + ("links:\n" + "".join(f"  {one}\n" for one in links) if links else "")
    return read(text)


def link(phase: str, host: str = NET, edge: str | None = "aws", key: str = "one") -> str:
    zone = ".".join(host.split(".")[-2:])
    named = f", edge: {edge.removesuffix('+')}{', own_https' if edge.endswith('+') else ''}" if edge else ""
    return f"{key}: {{sender: sendgrid, click_host: {host}, owner_host: 1234567.{zone}, phase: {phase}{named}}}"


def resource(rtype: str, name: str, *, provider: str = "aws-default", **more: Any) -> dict[str, Any]:
    package = provider.partition("-")[0]
    return {
        "urn": f"urn:pulumi:test::linkproof::{rtype}::{name}",
        "type": rtype,
        "custom": True,
        "id": f"id-of-{name}",
        "inputs": {},
        "outputs": {},
        "created": T0,
        "modified": T0,
        "provider": f"urn:pulumi:test::linkproof::pulumi:providers:{package}::{provider}::11111111-2222",
        **more,
    }


def route53(host: str, value: str = "sendgrid.net", ttl: int = 300, **more: Any) -> dict[str, Any]:
    return resource(
        "aws:route53/record:Record", f"{host}/CNAME", inputs={"name": host, "type": "CNAME", "records": [value], "ttl": ttl}, **more
    )  # fmt: skip


def cloudflare(host: str, value: str = "sendgrid.net", *, proxied: bool = False, **more: Any) -> dict[str, Any]:
    return resource(
        "cloudflare:index/dnsRecord:DnsRecord", f"{host}/CNAME", provider="cloudflare-default",
        inputs={"name": host, "type": "CNAME", "content": value, "ttl": 1 if proxied else 300, "proxied": proxied}, **more,
    )  # fmt: skip


def distribution(host: str, account: str = "default", **more: Any) -> dict[str, Any]:
    domain = {"domainName": f"d{host.replace('.', '')}.cloudfront.net"}
    return resource("aws:cloudfront/distribution:Distribution", host, provider=f"aws-{account}", outputs=domain, **more)


def at_edge(host: str) -> str:
    return f"d{host.replace('.', '')}.cloudfront.net"


def ruleset(*hosts: str) -> dict[str, Any]:
    members = " ".join(f'"{host}"' for host in hosts)
    return resource(
        "cloudflare:index/ruleset:Ruleset", "example.com/http_config_settings", provider="cloudflare-default",
        inputs={"rules": [{"ref": "linkproof_config_cf_1", "expression": f"http.host in {{{members}}}"}]},
    )  # fmt: skip


def said(
    phase: str, host: str = NET, edge: str | None = "aws", provider: str | None = "cloudfront", key: str = "one"
) -> dict[str, Any]:
    """As the last deployment exported it; edge `aws+` is one before which the sender terminates HTTPS itself."""
    own = {"own_https": True} if edge is not None and (edge.endswith("+") or edge == "managed") else {}
    named = edge.removesuffix("+") if edge is not None else None
    return {key: {"phase": phase, "click_host": host, "edge": named, "edge_provider": provider, **own}}


def state(*resources: dict[str, Any], links: dict[str, Any] | None = None, **outputs: Any) -> State:
    """The state after a deployment. Without a history among the resources, all records have stood as they are since T0."""
    said_of = {"links": links} if links is not None else {}
    stack = resource("pulumi:pulumi:Stack", "linkproof-test", outputs=said_of | outputs)
    by_hand = [f"{entry['click_host']}/CNAME" for entry in (links or {}).values()]
    known = [] if any(one["type"] == keep.HISTORY_TYPE for one in resources) else _stood(resources, by_hand)
    return read_state({"deployment": {"resources": [stack, *resources, *known]}})


def remembered(*steps: tuple[Declaration | Plan, str, str | None]) -> list[dict[str, Any]]:
    """The history's two resources after these deployments: what was declared, when each began, and when its records stood (None: they never did)."""
    history: dict[str, Any] = {}
    stood: dict[str, Any] = {"moments": []}
    for of, begun, settled in steps:
        records, moment = served_now(of if isinstance(of, Plan) else build(of)), datetime.fromisoformat(begun)
        grown = keep.appended(history, records, moment) if history else keep.begun(records, moment)
        history = {"records": records, **grown}
        if settled is not None:
            stood = {"revision": grown["revision"], **keep.settled(stood, datetime.fromisoformat(settled))}
    return [_kept(keep.HISTORY_TYPE, history), _kept(keep.SETTLED_TYPE, stood)]


def _stood(resources: Sequence[dict[str, Any]], by_hand: Sequence[str]) -> list[dict[str, Any]]:
    state = read_state({"deployment": {"resources": [*resources]}})
    found = list(state.of_types(*state.record_types))
    records = {key: Served(("sendgrid.net.",), "as-declared", 1, 60, None, "manual").to_text() for key in by_hand}
    records |= {
        one.name: Served(record_values(one), "as-declared", _ttl_seconds(one), 60, None, "route53").to_text()
        for one in found
    }
    begun = keep.begun(records, datetime.fromisoformat(T0))
    stood = keep.settled({}, max(datetime.fromisoformat(one.modified or T0) for one in found) if found else NOW)
    return [
        _kept(keep.HISTORY_TYPE, {"records": records, **begun}),
        _kept(keep.SETTLED_TYPE, {"revision": 1, **stood}),
    ]


def _ttl_seconds(record: Resource) -> int:
    return max((side.ttl_seconds for side in record_sides(record) if side.ttl_seconds is not None), default=300)


def _kept(rtype: str, outputs: dict[str, Any]) -> dict[str, Any]:
    return resource(rtype, "records", provider="default", outputs=outputs)


def at_aws(phase: str, host: str = NET, **record: Any) -> list[dict[str, Any]]:
    """The resources of a CloudFront link that finished a deployment in this phase."""
    if phase == "branded":
        return [route53(host, **record)]
    return [
        route53(host, at_edge(host) if phase in ("live", "secured") else "sendgrid.net", **record),
        distribution(host),
    ]


def at_cf(phase: str, host: str = COM, **record: Any) -> list[dict[str, Any]]:
    """Likewise of a Cloudflare link."""
    if phase == "branded":
        return [cloudflare(host, **record)]
    return [cloudflare(host, proxied=phase in ("live", "secured"), **record), ruleset(host)]


def away(questions: Sequence[Question]) -> Mapping[str, Answer]:
    """DNS that has left every edge, at a moment that the state knows."""
    return {question.host: Answer("away") for question in questions}


def judge(declaration: Declaration, deployed: State, now: datetime) -> list[Refusal]:
    """The guard where DNS has left whatever edge would go."""
    return judge_asking(declaration, deployed, now, away)


def judge_asking(declaration: Declaration, deployed: State, now: datetime, ask: Ask) -> list[Refusal]:
    """The guard, where DNS answers so."""
    return judge_plan(declaration, build(declaration), deployed, now, ask)
