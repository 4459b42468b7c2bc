"""The guard lets an edge of KeyCDN, Azure or Google go early only when its vendor's counter, asked at the lab, knows of nobody but ourselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from linkproof.contract.guard import Refusal
from linkproof.contract.state import State
from linkproof.engine.guard import judge as judge_plan
from linkproof.engine.guard.listening import listener
from linkproof.engine.own_requests import Own
from linkproof.plan.build import build
from linkproof_lab.edges.keycdn.control_plane.zones import ZONE

from tests.engine_state.deployed import NET, away, declared, link, remembered, route53, said, state
from tests.lab.apis import test_azure_reports, test_gcp_series, test_keycdn_reports
from tests.lab.apis.conftest import Lab

LEFT = datetime(2026, 11, 22, 10, 0, 4, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = LEFT + 3 * DAY
EDGES = """edges:
  keycdn: {provider: keycdn, certificate: links}
  azure: {provider: azure, resource_group: edge}
  gcp: {provider: gcp}
"""
OTHER = "url2.example.net"


@dataclass(frozen=True)
class Vendor:
    """Args:
    counter: as it is called in a message.
    come: writes into the edge's log that requests for the host came at these moments.
    """

    resources: Sequence[dict[str, Any]]
    client: Any
    counter: str
    come: Callable[..., None]


def keycdn(lab: Lab) -> Vendor:
    lab.store.put(ZONE, "10001", {"id": "10001", "name": "one"})
    client = test_keycdn_reports.client_of(lab.settings.api_url("edges/keycdn"))
    return Vendor(
        [test_keycdn_reports.zone("10001")], client, "KeyCDN's status statistics of its zone",
        lambda *at: test_keycdn_reports.come(lab, "10001", *at),
    )  # fmt: skip


def azure(lab: Lab) -> Vendor:
    lab.store.put(test_azure_reports.KIND, test_azure_reports.PROFILE, {"properties": {}})
    client = test_azure_reports.client_of(lab.settings.api_url("vendors/azure"))
    return Vendor(
        [test_azure_reports.domain()], client, "Front Door's report of its domain",
        lambda *at: test_azure_reports.come(lab, NET, *at),
    )  # fmt: skip


def gcp(lab: Lab) -> Vendor:
    client = test_gcp_series.client_of(lab.settings.api_url("vendors/gcp"))
    return Vendor(
        [test_gcp_series.entry(), test_gcp_series.url_map()], client, "Cloud Monitoring's `request_count`",
        lambda *at: test_gcp_series.come(lab, "sendgrid", *at),
    )  # fmt: skip


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    made = Lab(tmp_path / "lab")
    yield made
    made.close()


def left(edge: str, resources: Sequence[dict[str, Any]]) -> State:
    """live at this edge, and back at ready since LEFT."""
    past = remembered(
        (declared(link("live", NET, edge), edges=EDGES), "2026-11-01T10:00:00Z", "2026-11-01T10:00:00Z"),
        (declared(link("ready", NET, edge), edges=EDGES), "2026-11-22T10:00:01Z", "2026-11-22T10:00:04Z"),
    )
    record = route53(NET, modified="2026-11-22T10:00:03Z")
    return state(record, *resources, *past, links=said("ready", NET, edge, edge))


def refused(edge: str, vendor: Vendor, own: Sequence[Own] = ()) -> list[Refusal]:
    deployed = left(edge, vendor.resources)
    wanted = declared(link("branded", NET, edge), edges=EDGES)
    listen = listener(deployed, vendor.client, own, NOW)
    return judge_plan(wanted, build(wanted), deployed, NOW, away, listen)


EACH = pytest.mark.parametrize(("edge", "of"), [("keycdn", keycdn), ("azure", azure), ("gcp", gcp)])


@EACH
def test_the_counter_decides_and_what_we_sent_is_taken_off(lab: Lab, edge: str, of: Callable[[Lab], Vendor]) -> None:
    vendor = of(lab)
    vendor.come(LEFT + HOUR)
    (found,) = refused(edge, vendor)
    assert found.rule == "phase.edge-draining"
    assert "has nothing of the day before clicks left either, and so proves nothing" in found.message

    vendor.come(LEFT - HOUR)
    assert refused(edge, vendor) == []

    late = NOW - 12 * HOUR
    vendor.come(late, late + timedelta(seconds=1))
    (found,) = refused(edge, vendor)
    assert f"2 requests that we did not send came within a day, by {vendor.counter}" in found.message
    assert found.until == LEFT + 7 * DAY
    own = [Own(late + timedelta(seconds=n), NET, edge) for n in (0, 1)]
    assert refused(edge, vendor, own) == []
    assert len(refused(edge, vendor, own[:1])) == 1
    assert len(refused(edge, vendor, [Own(one.at, NET, "fastly") for one in own])) == 1


@EACH
def test_a_vendor_that_cannot_be_asked_lets_nothing_go(
    lab: Lab, edge: str, of: Callable[[Lab], Vendor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linkproof.edges.keycdn.requests._PATIENCE_SECONDS", 0.0)
    vendor = of(lab)
    vendor.come(LEFT - HOUR)
    lab.stop()
    (found,) = refused(edge, Vendor(vendor.resources, vendor.client, "", vendor.come))
    assert (found.rule, found.until) == ("phase.edge-draining", LEFT + 7 * DAY)
    assert any(said in found.message for said in ("no answer", "cannot be reached", "ConnectError")), found.message
    lab.start()


def test_google_s_counts_our_requests_for_other_links_of_the_sender_too(lab: Lab) -> None:
    vendor, late = gcp(lab), NOW - 12 * HOUR
    vendor.come(LEFT - HOUR, late)
    assert refused("gcp", vendor, [Own(late, OTHER, "gcp")]) == []
    assert len(refused("gcp", vendor, [Own(late, "url3.example.net", "gcp")])) == 1, "it went to another sender"


def test_keycdn_s_does_not(lab: Lab) -> None:
    vendor, late = keycdn(lab), NOW - 12 * HOUR
    vendor.come(LEFT - HOUR, late)
    assert len(refused("keycdn", vendor, [Own(late, OTHER, "keycdn")])) == 1
