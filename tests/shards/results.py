"""Results as runs give them: every cell of every expectation in some state, added up by the verifier's own conclusion."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from linkproof.expectations.model import Expectations, parse
from linkproof.shards.identity import identified
from linkproof.shards.merged import merge
from linkproof.shards.partition import WHOLE, Shard, part_of
from linkproof.shards.read_back import read_back
from linkproof.verify.conclude.verdict import conclude
from linkproof.verify.observations.vantage import Vantage
from linkproof.verify.result import Cell, CouldNotCheck, Finding

AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
STATES = ("right", "right", "differs", "lagging", "could-not-check", "optional", "warning")


def stack(zones: int = 5, hosts: int = 2) -> Expectations:
    """Zones with a click record, a CAA and an endpoint for each of so many hosts, and something pending."""
    names = [f"brand{number}.example" for number in range(zones)]
    keys = [(f"link{number}-{host}", f"url{host}.{name}") for number, name in enumerate(names) for host in range(hosts)]
    return parse(
        {
            "version": 1,
            "stack": "prod",
            "zones": [{"id": f"zone/{name}", "name": f"{name}."} for name in names],
            "records": [
                {"id": f"{key}/click", "path": f"links.{key}", "name": host, "type": "CNAME", "values": ["edge.vendor.example."]}
                for key, host in keys
            ],
            "caa": [{"id": f"{key}/caa", "host": host, "cas": ["amazon.com"]} for key, host in keys],
            "endpoints": [{"id": f"{key}/edge", "path": f"links.{key}", "host": host} for key, host in keys],
            "pending": [{"id": "promo/edge", "reason": "known only after deployment", "by_design": True}],
            "previous": [{"record": f"{keys[0][0]}/click", "values": ["sendgrid.net."]}, {"record": "gone/click"}],
        }
    )  # fmt: skip


def result_of(
    expectations,
    states,
    *,
    shard=WHOLE,
    vantage="here",
    at=AT,
    observed="old.example.",
    strict=False,
    why="stale",
    minutes=5,
):
    """The published form of one run.

    Args:
        states: by the id of an expectation; what is not there is right.
    """
    part = part_of(expectations, shard)
    cells = []
    for item in (*part.zones, *part.records, *part.caa, *part.endpoints):
        name = getattr(item, "host", None) or item.name
        kind = "edge" if item.id.endswith("/edge") else "authoritative"
        for number in (1, 2):
            asked = Vantage(kind, f"ns{number}.host.example.", f"192.0.2.{number}", "tls" if kind == "edge" else "udp")
            cells.append(_cell(item.id, name, asked, states.get(item.id, "right"), (observed, why, minutes)))
    cells.append(Cell("links", Vantage("edge", "every edge", "", "https"), "optional", reason="no mail was seen"))
    unknown = [CouldNotCheck(item.id, None, item.reason) for item in part.pending if not item.by_design]
    unprobed = [CouldNotCheck(item.id, None, item.reason) for item in part.pending if item.by_design]
    timing = {"total_seconds": 1.5, "rounds": 1.0, "dns_queries": float(len(cells))}
    found = conclude(
        cells, unknown, unprobed=unprobed, strict=strict, places={"links": "stacks/prod.yaml:1:1"}, timing=timing
    )
    return identified(found, expectations, at, shard=shard, vantage=vantage).to_json()


def _cell(one, name, asked, state, said):
    observed, why, minutes = said
    rule = "tls.expires-soon" if asked.kind == "edge" else "dns.wrong-value"
    finding = Finding(
        rule, "error", one, name, "CNAME", "edge.vendor.example.", observed, asked, why, "publish it", path="links"
    )
    dates = {"not_before": AT, "not_after": AT + timedelta(days=60)} if asked.kind == "edge" else {}
    if state == "differs":
        return Cell(one, asked, "differs", finding)
    if state == "lagging":
        return Cell(one, asked, "lagging", finding, until=AT + timedelta(minutes=minutes))
    if state == "could-not-check":
        return Cell(one, asked, state, reason="no answer")
    if state == "warning":
        from dataclasses import replace

        return Cell(one, asked, "right", warnings=(replace(finding, severity="warning"),), **dates)
    return Cell(one, asked, state, reason="IPv6 is not declared" if state == "optional" else "", **dates)


@st.composite
def several(draw, most: int = 5):
    """Some of the results of one set of expectations: shards × vantages, not all of them there."""
    expectations = stack(zones=draw(st.integers(1, 4)), hosts=1)
    total = draw(st.integers(1, 3))
    runs = [(number, name) for name in ("paris", "tokyo") for number in range(1, total + 1)]
    chosen = draw(st.lists(st.sampled_from(runs), min_size=1, max_size=most, unique=True))
    ids = [item.id for item in (*expectations.zones, *expectations.records, *expectations.endpoints)]
    results = []
    for number, name in chosen:
        states = draw(st.dictionaries(st.sampled_from(ids), st.sampled_from(STATES), max_size=4))
        shard = Shard(number, total)
        at = AT + timedelta(seconds=draw(st.integers(0, 3)), microseconds=draw(st.sampled_from([0, 5])))
        observed = draw(st.sampled_from(["old.example.", "other.example."]))
        why, minutes = draw(st.sampled_from(["stale", "old"])), draw(st.integers(1, 3))
        results.append(
            result_of(
                expectations, states, shard=shard, vantage=name, at=at, observed=observed, why=why, minutes=minutes
            )
        )
    return expectations, results


def places():
    """What two places saw, in every state, and a third that did not report."""
    expectations = stack()
    kinds = ("differs", "lagging", "could-not-check", "warning")
    tokyo = result_of(
        expectations, {f"link{number}-0/click": state for number, state in enumerate(kinds)}, vantage="tokyo"
    )
    paris = result_of(expectations, {"link0-0/click": "differs"}, vantage="paris")
    return read_back(merge([tokyo, paris], expectations, vantages=["osaka"])), expectations
