"""The requests that we ourselves sent to edges: those at an edge's own addresses, kept for as long as a counter is asked about them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from linkproof.engine.own_requests import FILE, Own, OwnRequests, sent_to_edges
from linkproof.expectations.model import EndpointExpectation, Expectations
from linkproof.verify.observations.sent import SentRequest
from linkproof.verify.observations.vantage import Vantage
from linkproof.verify.result import Cell, Coverage, VerificationResult

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOST = "url1.example.net"


def endpoint(id_: str, edge: str, connect: str | None) -> EndpointExpectation:
    return EndpointExpectation(id=id_, host=HOST, edge=edge, connect=connect)


def sent(endpoints: list[EndpointExpectation], at: dict[str, list[str]], to: list[str]) -> list[Own]:
    cells = tuple(Cell(id_, Vantage("edge", HOST, one, "tls"), "right") for id_, them in at.items() for one in them)
    requests = tuple(SentRequest(HOST, address, NOW) for address in to)
    result = VerificationResult("proven", (), (), (), Coverage(0, 0, 0), {}, cells=cells, requests=requests)
    return list(sent_to_edges(Expectations(version=1, endpoints=tuple(endpoints)), result))


def test_what_the_host_itself_leads_to_is_no_probe_of_an_edge_that_was_left() -> None:
    beside = [endpoint("one/edge", "cloudflare", None), endpoint("one/standby", "cloudfront", "d1.cloudfront.net.")]
    at = {"one/edge": ["192.0.2.1"], "one/standby": ["192.0.2.2"]}
    found = sent(beside, at, ["192.0.2.1", "192.0.2.2", "192.0.2.2", "192.0.2.9"])
    assert found == [Own(NOW, HOST, "cloudfront")] * 2
    assert sent(beside, {"one/edge": ["192.0.2.2"], "one/standby": ["192.0.2.2"]}, ["192.0.2.2"]) == []


def test_they_are_kept_for_two_days(tmp_path: Path) -> None:
    kept = OwnRequests(tmp_path / "dev")
    old, fresh = Own(NOW - timedelta(days=2, seconds=1), HOST, "cloudfront"), Own(NOW, HOST, "cloudfront")
    kept.keep([old], NOW - timedelta(days=1))
    kept.keep([fresh], NOW)
    assert OwnRequests(tmp_path / "dev").read() == [fresh]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 9, "requests": []}', '{"version": 1, "requests": [7]}',
    '{"version": 1, "requests": [{"at": "2026-11-22T12:00:00", "host": "a", "edge": "b"}]}'])  # fmt: skip
def test_a_file_that_cannot_be_read_holds_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    assert OwnRequests(tmp_path).read() == []
