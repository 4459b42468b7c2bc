"""The sender of a link in use: it, its region, its endpoint and its account are not exchanged under one host."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from linkproof import registry
from linkproof.contract.guard import Refusal
from linkproof.contract.state import State
from linkproof.declaration.endpoints import own_endpoint
from linkproof.engine.guard.deployed import Deployed
from linkproof.engine.phase import edges_seen
from linkproof.engine.state import record_values
from linkproof.known import known_name
from linkproof.plan.model import Plan

_BACK = (
    "step back to branded as it was; change it there, deploy, validate the brand in the new account, and step forwards"
)

Account = tuple[str, str]


def judge_sender(deployed: Deployed, state: State) -> Iterator[Refusal]:
    """At most one refusal. In branded alone another account of the same sender is allowed."""
    link = deployed.link
    assert link is not None
    new = (link.sender.provider, link.sender.region)
    seen = {target: account for target in _targets(deployed, state) if (account := _account_of(target)) is not None}
    old = sorted(set(seen.values()) - {new})
    senders = {_exported_sender(deployed.host, state)} - {None, link.sender.provider}
    others = sorted({provider for provider, _ in old} - {new[0]} | {one for one in senders if one})
    if others and (link.in_use or not deployed.is_only_branded):
        yield Refusal(
            "move.two-senders",
            deployed.host,
            f"the sender changes from {' and '.join(others)} to {new[0]}, and mail already sent has links on this host",
            "leave this link as it is, declare another click host for the new sender, and say here"
            " `successor: {link: KEY, until: DATE}` (docs/moving.md); where no mail with it was ever sent, step back to branded"
            " and write `in_use: false` there",
        )
        return
    if deployed.is_only_branded:
        return
    if old:
        before = " and ".join(map(_shown, old))
        yield _refusal(deployed, before, _shown(new))
        return
    endpoint = own_endpoint(link.sender)
    own = {target for target in seen if target not in _shared()}
    if deployed.said is not None and deployed.said.get("sender_endpoint"):
        own.add(str(deployed.said["sender_endpoint"]))
    if endpoint and own - {endpoint}:
        before = " and ".join(sorted(own - {endpoint}))
        yield _refusal(deployed, f"{_shown(new)}, at {before}", f"the account at {endpoint}")


def judge_accounts(plan: Plan, state: State) -> Iterator[Refusal]:
    """Objects of links that another account would make: such a sender gives a host to one account, whoever has it first."""
    for plugin in registry.senders():
        types = plugin.state.TYPES if plugin.state is not None else frozenset()
        for item in plan.objects:
            host = getattr(item, "host", None)
            held = state.find(item.engine_type, item.resource) if item.engine_type in types and host else None
            if host is None or held is None or held.account in (None, item.account):
                continue
            yield Refusal(
                "move.sender",
                host,
                f"its {item.kind} is in account {held.account}, and account {item.account} would make another while that has the host",
                f"declare another click host in account {item.account} for new mail, and leave this one; a host that no mail has may"
                f" leave the file from branded, and be declared in account {item.account} once that is deployed",
            )


def _refusal(deployed: Deployed, before: str, after: str) -> Refusal:
    message = f"the sender changes from {before} to {after}, in phase {deployed.shown}"
    return Refusal("move.sender", deployed.host, message, _BACK)


def _targets(deployed: Deployed, state: State) -> set[str]:
    """Every name that the deployed link leads to, without trailing dot: of its records and of its edge's origin."""
    origins = [origin for _, edge in edges_seen(state).of(deployed.host) for origin in edge.origins]
    owner = deployed.said.get("owner_host") if deployed.said is not None else None
    records = [state.record(f"{host}/CNAME") for host in (deployed.host, owner) if host]
    values = [value for record in records if record is not None for value in record_values(record)]
    values += [
        value
        for record in _exported(state, "records")
        if owner is not None and record.get("name") == f"{owner}."
        for value in record.get("values") or ()
    ]
    return {str(value).removesuffix(".") for value in (*origins, *values) if value}


def _account_of(target: str) -> Account | None:
    """Other names are nobody's account: a person has changed the record, and the deployment repairs it."""
    for sender in registry.senders():
        for name, region in sender.plan.targets():
            if name == target:
                return sender.name, region
    known = known_name(target)
    if known is None or known.kind != "sender" or not known.region or not registry.sender(known.plugin).is_complete:
        return None
    return known.plugin, known.region


def _shared() -> frozenset[str]:
    """Names that answer for every account of a region."""
    return frozenset(name for sender in registry.senders() for name, _ in sender.plan.targets())


def _shown(account: Account) -> str:
    provider, region = account
    return f"{provider}, region {region}" if region else provider


def _exported_sender(host: str, state: State) -> str | None:
    found = [endpoint.get("sender") for endpoint in _exported(state, "endpoints") if endpoint.get("host") == host]
    return found[0] if found else None


def _exported(state: State, part: str) -> list[dict[str, Any]]:
    exported = state.outputs.get("expectations")
    entries = exported.get(part, []) if isinstance(exported, dict) else []
    return [entry for entry in entries if isinstance(entry, dict)]
