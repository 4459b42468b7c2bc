"""What became of a click is said rightly: each kind of loss has an edge here that makes it."""

from __future__ import annotations

import http.server
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from linkproof_lab import ca
from linkproof_lab.settings import LabSettings
from linkproof_lab.web.clicks import clicks_file

from bench import cutover_clicks
from bench.cutover_clicks import CACHED, CERTIFICATE, LOST, MISROUTED, OK, TWICE, Readers
from bench.cutover_resolvers import KINDS, Resolver
from tests.ports import free_ports

HOST, OTHER = "url1.example.net", "url2.example.net"
RESOLVER = Resolver(KINDS[0], 53)


class Edge(http.server.BaseHTTPRequestHandler):
    """Answers with `status` and `location`, and the sender counts the click `times`."""

    protocol_version = "HTTP/1.1"
    status, location, times = 302, "", 1
    log: Path
    connections = 0

    def setup(self) -> None:
        type(self).connections += 1
        super().setup()

    def do_GET(self) -> None:
        line = json.dumps({"event": "click", "user_agent": self.headers["User-Agent"], "host": self.headers["Host"]})
        with self.log.open("a") as stream:
            stream.write(f"{line}\n" * self.times)
        self.send_response(self.status)
        if self.location:
            self.send_header("Location", self.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def edge(lab: LabSettings, certified: str, **answers: object) -> Iterator[type[Edge]]:
    """An edge on both ports, with a certificate for one name."""
    handler = type("One", (Edge,), {"log": clicks_file(lab), **answers})
    issued = ca.issue(lab, [certified], key="ec256")
    chain, key = lab.state_dir / "chain.pem", lab.state_dir / "key.pem"
    chain.write_text(issued.cert_pem + issued.chain_pem)
    key.write_text(issued.key_pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    plain = http.server.ThreadingHTTPServer(("127.0.0.1", lab.http_port), handler)
    tls = http.server.ThreadingHTTPServer(("127.0.0.1", lab.https_port), handler)
    tls.socket = context.wrap_socket(tls.socket, server_side=True)
    for server in (plain, tls):
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield handler
    finally:
        for server in (plain, tls):
            server.shutdown()
            server.server_close()


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LabSettings:
    http_port, https_port = free_ports(2)
    made = LabSettings(tmp_path, http_port=http_port, https_port=https_port)
    ca.ensure(made)
    monkeypatch.setattr(cutover_clicks, "looked_up", lambda *_: "127.0.0.1")
    return made


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ({"location": f"https://example.com/{HOST}/0"}, OK),
        ({"location": f"https://example.com/{OTHER}/0"}, CACHED),
        ({"location": f"https://example.com/{HOST}/0", "times": 0}, CACHED),
        ({"location": f"https://example.com/{HOST}/0", "times": 2}, TWICE),
        ({"location": "https://elsewhere.example/"}, MISROUTED),
        ({"status": 404}, MISROUTED),
        ({"status": 403}, LOST),
        ({"status": 502}, LOST),
    ],
)
def test_an_answer_is_called_what_it_is(lab: LabSettings, answers: dict[str, object], outcome: str) -> None:
    readers = Readers(lab, [RESOLVER], [OTHER], [HOST])
    with edge(lab, HOST, **answers):
        readers.once()
    assert [(one.host, one.outcome) for one in readers.settled()] == [(HOST, outcome)]


def test_nobody_there_is_lost_and_another_s_certificate_is_wrong(lab: LabSettings) -> None:
    readers = Readers(lab, [RESOLVER], [], [HOST])
    readers.once()
    with edge(lab, "*.sendgrid.net"):
        while {one.scheme for one in readers.ended} != {"http", "https"}:  # by chance
            readers.https_for([HOST])
            readers.once()
    outcomes = {(one.scheme, one.outcome) for one in readers.ended}
    assert {("http", LOST), ("https", CERTIFICATE)} <= outcomes


def test_half_of_the_clicks_share_connections(lab: LabSettings) -> None:
    readers = Readers(lab, [RESOLVER], [HOST], [], pause_seconds=0.001)
    pages = f"https://example.com/{HOST}/0"
    with edge(lab, HOST, location=pages) as handler, readers:
        readers.reach(200)
        assert handler.connections < 150, "half of the clicks share connections"
    assert {one.outcome for one in readers.ended} == {OK, CACHED}, "each page has a destination of its own"
