"""A whole small internet for one test: root, top level, vendor, customer, and options that lead there."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

from linkproof.expectations.model import Expectations, parse
from linkproof.verify.options import ResolverAddress, VerifyOptions
from linkproof.verify.result import VerificationResult
from linkproof.verify.run import verify

from tests.ports import free_port, free_ports
from tests.verify.servers import Honest, Loop, Resolver

CLICK = "url.example.test."
TARGET = "edge.vendor.test."
EDGE_ADDRESS = "127.61.10.1"
_SERVER_ADDRESSES = ("127.61.0.1", "127.61.1.1", "127.61.2.1", "127.61.3.1", "127.61.3.2", "127.61.53.1")


class World:
    """`.` → `test.` → `vendor.test.` and `example.test.` with two servers of the given classes.

    Everything is right at first: url.example.test CNAME edge.vendor.test, which has an address.
    """

    def __init__(
        self,
        folder: Path,
        first: type[Honest] = Honest,
        second: type[Honest] = Honest,
        *,
        parents: type[Honest] = Honest,
        port: int = 0,
    ) -> None:
        self.loop = Loop()
        # free where they are bound: the same address may be another test's just now
        self.port = port or free_port(*_SERVER_ADDRESSES)
        self.http_port, self.https_port = free_ports(2, EDGE_ADDRESS)
        self.root, self.tld, self.vendor = parents(), parents(), Honest()
        self.first, self.second = first(), second()
        self.resolvers: list[Resolver] = []
        self.folder = folder
        self.root.load(
            ".",
            {
                (".", "NS"): ["a.root."],
                ("a.root.", "A"): ["127.61.0.1"],
                ("test.", "NS"): ["a.nic.test."],
                ("a.nic.test.", "A"): ["127.61.1.1"],
            },
        )
        delegation = {
            ("example.test.", "NS"): ["ns1.example.test.", "ns2.example.test."],
            ("vendor.test.", "NS"): ["ns.vendor.test."],
        }
        addresses = {("ns1.example.test.", "A"): ["127.61.3.1"], ("ns2.example.test.", "A"): ["127.61.3.2"]}
        self.tld.load(
            "test.",
            {
                ("test.", "NS"): ["a.nic.test."],
                ("a.nic.test.", "A"): ["127.61.1.1"],
                ("ns.vendor.test.", "A"): ["127.61.2.1"],
                **delegation,
                **addresses,
            },
        )
        self.vendor.load(
            "vendor.test.",
            {
                ("vendor.test.", "NS"): ["ns.vendor.test."],
                ("ns.vendor.test.", "A"): ["127.61.2.1"],
                (TARGET, "A"): [EDGE_ADDRESS],
                ("old.vendor.test.", "A"): [EDGE_ADDRESS],
            },
        )
        for server in (self.first, self.second):
            content = {
                ("example.test.", "NS"): ["ns1.example.test.", "ns2.example.test."],
                **addresses,
                (CLICK, "CNAME"): [TARGET],
            }
            server.load("example.test.", content)
        self.serve()
        self.hints = folder / "root.hints"
        self.hints.write_text(".  3600000  NS  a.root.\na.root.  3600000  A  127.61.0.1\n")

    def serve(self) -> None:
        for server, address in (
            (self.root, "0.1"),
            (self.tld, "1.1"),
            (self.vendor, "2.1"),
            (self.first, "3.1"),
            (self.second, "3.2"),
        ):
            self.loop.serve_dns(server, f"127.61.{address}", self.port)

    def add_resolver(self) -> Resolver:
        resolver = Resolver()
        self.loop.serve_dns(resolver, f"127.61.53.{len(self.resolvers) + 1}", self.port)
        self.resolvers.append(resolver)
        return resolver

    def options(self, **changes: Any) -> VerifyOptions:
        resolvers = tuple(ResolverAddress("udp", f"127.61.53.{n + 1}", self.port) for n in range(len(self.resolvers)))
        given = {
            "hints": self.hints,
            "dns_port": self.port,
            "http_port": self.http_port,
            "https_port": self.https_port,
            "resolvers": resolvers,
            "timeout_seconds": 1.5,
            "attempts": 2,
        }
        return VerifyOptions(**{**given, **changes})

    def verify(
        self,
        expectations: Expectations | None = None,
        *,
        places: Any = None,
        clock: Any = None,
        progress: Any = None,
        **changes: Any,
    ) -> VerificationResult:
        return verify(expectations or expect(), self.options(**changes), places=places, clock=clock, progress=progress)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.loop.close()


# For tests in which someone stays silent: each costs whole time-outs, and only these may.
SHORT = {"timeout_seconds": 0.5}
# For tests in which the second answer to a question is another one than the first: a busy machine must not make it the first.
PATIENT = {"timeout_seconds": 30.0}


def record(**changes: Any) -> dict[str, Any]:
    return {
        "id": "link/click",
        "path": "links.link.click_host",
        "name": CLICK,
        "type": "CNAME",
        "values": [TARGET],
        **changes,
    }


def expect(*records: dict[str, Any], **parts: Any) -> Expectations:
    zones = [{"id": "zone/example.test", "path": "zones.example.test", "name": "example.test."}]
    return parse({"version": 1, "zones": zones, "records": list(records) or [record()], **parts})


def rules(result: VerificationResult) -> set[str]:
    return {finding.rule for finding in result.findings}


def errors(result: VerificationResult) -> set[str]:
    return {finding.rule for finding in result.findings if finding.severity == "error"}
