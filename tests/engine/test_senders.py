"""Clicks of the form that SES gives them arrive through both kinds of edge. The road itself is test_conformance.py's."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from typing import Any

import pytest
from linkproof_lab.senders.ses.links import make_link
from linkproof_lab.store import Store
from linkproof_lab.web.clicks import read_clicks

from tests.engine.sandbox import Sandbox, linked, sandbox

AT_AWS, AT_CLOUDFLARE = "click.example.net", "click.example.com"
PAGE = "https://www.example.com/a%20b?x=1&y=2"


def declaration() -> dict[str, Any]:
    ses = {"sender": "mail", "phase": "live"}
    return linked(
        {
            "net": {**ses, "click_host": AT_AWS, "edge": "aws"},
            "com": {**ses, "click_host": AT_CLOUDFLARE, "edge": "cf"},
        },
        senders={"mail": {"provider": "ses", "region": "eu-west-1", "account": "external"}},
    )


@pytest.fixture(scope="module")
def deployed(engine_present: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("project")) as made:
        made.stack("dev", declaration())
        made.up("dev")
        yield made


@pytest.mark.parametrize(("host", "edge"), [(AT_AWS, "cloudfront"), (AT_CLOUDFLARE, "cloudflare")])
def test_a_destination_in_the_path_arrives_through_the_edge_as_it_was_written(
    deployed: Sandbox, host: str, edge: str
) -> None:
    path = make_link(Store(deployed.lab.database), PAGE)
    got = http.client.HTTPConnection(deployed.lab.edge_addresses(edge)[0], deployed.lab.http_port, timeout=20)
    try:
        got.request("GET", path, headers={"Host": host, "User-Agent": "reader/1"})
        answer = got.getresponse()
        assert (answer.status, answer.getheader("Location")) == (302, PAGE)
    finally:
        got.close()
    (line,) = [one for one in read_clicks(deployed.lab) if one["host"] == host]
    assert (line["sender"], line["path"], line["user_agent"]) == ("ses", path, "reader/1")
