"""What was deployed of each click host: the phases that it may be in, by the last outputs and the state together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from linkproof import registry
from linkproof.contract.declared import Link
from linkproof.contract.items import Record
from linkproof.contract.state import State
from linkproof.declaration.model import Declaration
from linkproof.engine.phase import hosts_in_state, leading_in_state, phases_in_state
from linkproof.names import HostName, InvalidHostNameError
from linkproof.plan.link import plan_links

# What the state calls `live` may be either of these.
AT_EDGE = ("live", "secured")


@dataclass(frozen=True, slots=True)
class Deployed:
    """One click host.

    Args:
        link: as it is declared now; None where it has left the declaration.
        said: what the last finished deployment exported of it; None where it did not know the link.
        past: the phases that the link may be in now; empty for one that was never deployed, which may start anywhere.
        stood_at_own_edge: the click host stands where the sender terminates HTTPS, whatever became of an edge that was got ready.
    """

    host: str
    link: Link | None
    said: Mapping[str, Any] | None
    past: frozenset[str]
    stood_at_own_edge: bool = False

    @property
    def shown(self) -> str:
        return show(self.past)

    @property
    def stays_at_own_edge(self) -> bool:
        """There before and after: no click can tell which edge is got ready, or let go, meanwhile."""
        return self.stood_at_own_edge and self.link is not None and self.link.stands_at_own_edge

    @property
    def is_only_branded(self) -> bool:
        """At the sender, and staying there: what the sender does not serve yet, nobody loses."""
        return self.past <= {"branded"} and (self.link is None or self.link.phase == "branded")


def deployed_links(declaration: Declaration, state: State) -> list[Deployed]:
    """Every click host of the declaration, the last outputs and the state."""
    said = {
        entry["click_host"]: entry for entry in (state.outputs.get("links") or {}).values() if isinstance(entry, dict)
    }
    declared = {link.click_host.text: link for link in declaration.links.values()}
    return [
        Deployed(
            host,
            declared.get(host),
            said.get(host),
            _past(host, declared.get(host), said.get(host), declaration, state),
            _stood_at_own_edge(host, said.get(host), state),
        )
        for host in dict.fromkeys([*declared, *said, *hosts_in_state(state)])
    ]


def exported_links(declaration: Declaration, outputs: Mapping[str, Any]) -> list[Deployed]:
    """Every click host of the last outputs, by them alone: of the state nothing is known."""
    declared = {link.click_host.text: link for link in declaration.links.values()}
    exported = outputs.get("links")
    entries = exported.values() if isinstance(exported, Mapping) else ()
    said = [entry for entry in entries if isinstance(entry, dict) and {"click_host", "phase"} <= entry.keys()]
    nothing = State((), {}, ())
    return [
        Deployed(
            entry["click_host"],
            declared.get(entry["click_host"]),
            entry,
            frozenset({entry["phase"]}),
            _stood_at_own_edge(entry["click_host"], entry, nothing),
        )
        for entry in said
    ]


def is_manual(host: str, declaration: Declaration) -> bool:
    """Whether people write the host's record, as far as is declared."""
    try:
        zone = declaration.find_zone(HostName(host))
    except InvalidHostNameError:
        return False
    return zone is None or registry.dns(zone.dns).is_by_hand


def show(phases: frozenset[str]) -> str:
    return " or ".join(sorted(phases))


def _past(
    host: str, link: Link | None, exported: Mapping[str, Any] | None, declaration: Declaration, state: State
) -> frozenset[str]:
    said = exported["phase"] if exported is not None else None
    in_state = frozenset(
        said if phase == "live" and said in AT_EDGE else phase for phase in phases_in_state(state, host)
    )
    if said is None:
        return in_state if state.record(f"{host}/CNAME") is not None else frozenset()
    if state.record(f"{host}/CNAME") is None:
        # In a manual zone people write the click record. Elsewhere it was never made (a first `up` that failed: what
        # exists of the edge is not in use), or it is gone.
        return frozenset({said}) if in_state or is_manual(host, declaration) else frozenset()
    if said == "ready" and in_state == {"branded"} and link is not None and _leaves_no_trace(link, declaration):
        return frozenset({said})
    # an edge that stands by is in the state, and no click is led to it
    if said == "secured" and in_state <= {"branded", "ready"} and exported is not None and is_the_senders_own(exported):
        return frozenset({said})
    return in_state | {said}


def edges_in_use(deployed: Deployed, state: State) -> frozenset[str]:
    """The providers of the edges that the click host may be led to, by the last outputs and the state."""
    said = deployed.said
    if said is None or (said.get("phase") not in AT_EDGE and not is_the_senders_own(said)):
        return leading_in_state(state, deployed.host)
    provider = said.get("edge_provider") or said.get("edge")
    return leading_in_state(state, deployed.host) | ({str(provider)} if provider else frozenset())


def had_own_https(exported: Mapping[str, Any]) -> bool:
    """Whether the sender terminated HTTPS for an exported link while that stood there."""
    return exported.get("own_https") is True or is_the_senders_own(exported)


def _stood_at_own_edge(host: str, exported: Mapping[str, Any] | None, state: State) -> bool:
    if exported is None or not had_own_https(exported) or "live" in phases_in_state(state, host):
        return False
    return is_the_senders_own(exported) or exported.get("phase") in {"branded", "ready"}


def is_the_senders_own(exported: Mapping[str, Any]) -> bool:
    """Whether an exported link's edge leaves no trace in any phase: the click host never leaves the sender."""
    provider = exported.get("edge_provider") or exported.get("edge")
    return provider in registry.EDGES and registry.edge(str(provider)).state is None


def _leaves_no_trace(link: Link, declaration: Declaration) -> bool:
    """Whether `ready` makes nothing of ours, as where somebody else owns what the edge shares."""
    parts, shared = plan_links(declaration, [replace(link, phase="ready")])
    edge = parts[link.key].edge
    return edge is not None and not any(item.is_ours for item in (*edge.items, *shared) if not isinstance(item, Record))
