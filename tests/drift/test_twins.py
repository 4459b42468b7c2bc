"""A second zone of one name, found at the vendor's API over HTTP; a private one is none, and a refusal is no answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import pytest
from linkproof.credentials import read_credentials
from linkproof.declaration.load import load_text
from linkproof.drift.about import About
from linkproof.drift.twins import items
from linkproof.engine.clients import Clients
from linkproof.plan.build import build
from linkproof_lab.vendors.gcp.facts import endpoints

TEXT = """version: 1
zones:
  example.net: {dns: gcp, id: ours}
  example.org: {dns: manual}
links:
  one: {sender: sendgrid, click_host: url1.example.net, owner_host: 1234567.example.net, phase: branded}
  two: {sender: sendgrid, click_host: url2.example.org, owner_host: 1234567.example.org, phase: branded}
"""
OURS = {"name": "ours", "dnsName": "example.net.", "visibility": "public"}


class Google(BaseHTTPRequestHandler):
    zones: ClassVar[list[dict[str, Any]]] = []
    status: ClassVar[int] = 200

    def do_GET(self) -> None:
        answer = {"managedZones": self.zones} if self.status == 200 else {"error": {"message": "no such key"}}
        data = json.dumps(answer).encode()
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *arguments: object) -> None:
        del arguments


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(Google, "status", 200)
    server = HTTPServer(("127.0.0.1", 0), Google)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(10)
    server.server_close()


def found(url: str) -> list[tuple[str, str, str, tuple[str, ...]]]:
    accounts = {"default": {"gcp": {"project": "acme-mail", **endpoints(url)}}}
    credentials = read_credentials(accounts, {"default": {"gcpAccessToken": "planted"}}, "dev")
    loaded = load_text(TEXT, "stacks/dev.yaml")
    assert loaded.declaration is not None, loaded.problems
    plan = build(loaded.declaration)
    return [
        (one.kind, one.key, one.observed, one.links) for one in items(plan, About(plan), lambda: Clients(credentials))
    ]


def test_another_zone_of_the_name_is_drift_and_is_about_the_links_in_it(google: str, monkeypatch) -> None:
    others = [
        {"name": "by-mistake", "dnsName": "example.net.", "visibility": "public"},
        {"name": "inside", "dnsName": "example.net.", "visibility": "private"},
        {"name": "below", "dnsName": "sub.example.net.", "visibility": "public"},
    ]
    monkeypatch.setattr(Google, "zones", [OURS, *others])
    assert found(google) == [("drift", "example.net:duplicate", "by-mistake", ("one",))]


def test_one_zone_of_a_name_is_nothing(google: str, monkeypatch) -> None:
    monkeypatch.setattr(Google, "zones", [OURS])
    assert found(google) == []


def test_an_api_that_refuses_is_could_not_check(google: str, monkeypatch) -> None:
    monkeypatch.setattr(Google, "status", 403)
    assert found(google) == [("could not check", "example.net", "", ("one",))]
