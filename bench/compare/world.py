"""The private internet of the comparison: the tests' world, with zones that every tool here calls healthy."""

from __future__ import annotations

from pathlib import Path

from tests.verify.servers import Honest
from tests.verify.world import CLICK, TARGET, World

ZONE = "example.test."
ROOT, TLD, VENDOR, FIRST, SECOND = (f"127.61.{address}" for address in ("0.1", "1.1", "2.1", "3.1", "3.2"))
RESOLVER = "127.61.53.1"
# timers within the bounds of Zonemaster's default profile
SOA = "{server} hostmaster.{zone} {serial} 14400 3600 1209600 300"
SERIAL = 2026112202


class Careful(Honest):
    """What real software does besides: addresses beside NS."""

    def respond(self, query, name, record_type, *, tcp):
        response = super().respond(query, name, record_type, tcp=tcp)
        if response and response.answer and record_type == "NS":
            content = self.zones[self._zone_of(name)]
            for value in content.get((name, "NS"), []):
                self._add(response.additional, value, "A", content.get((value, "A"), []))
        return response


def careful(kind: type[Honest]) -> type[Honest]:
    """The misbehaving server, with everything but its one fault in order."""
    return Careful if issubclass(Careful, kind) else type(kind.__name__, (kind, Careful), {})


class Internet(World):
    """`.` → `test.` → `example.test.` with two servers, whose CNAME leads into `vendor.test.`.

    A fault is a class of server, or a change to the zones before `start`.
    """

    # what a validator is given to trust: zone-file lines of the root's keys
    anchors: tuple[str, ...] = ()

    def __init__(
        self,
        folder: Path,
        first: type[Honest] = Honest,
        second: type[Honest] = Honest,
        *,
        parents: type[Honest] = Honest,
        port: int = 0,
    ) -> None:
        super().__init__(folder, careful(first), careful(second), parents=careful(parents), port=port)
        self.both("set", ZONE, "SOA", [soa(ZONE, "ns1.example.test.")])
        # the zone's contact can be written to: Zonemaster asks for that
        self.both("set", ZONE, "MX", ["10 mail.vendor.test."])
        self.vendor.set("mail.vendor.test.", "A", ["127.61.10.2"])
        self.root.set(".", "SOA", [soa(".", "a.root.")])
        self.tld.set("test.", "SOA", [soa("test.", "a.nic.test.")])
        self.vendor.set("vendor.test.", "SOA", [soa("vendor.test.", "ns.vendor.test.")])
        for number in (1, 2):
            self.root.set(f"{number}.3.61.127.in-addr.arpa.", "PTR", [f"ns{number}.example.test."])

    def both(self, method: str, *arguments: object) -> None:
        """The same call on both servers of the zone."""
        for server in (self.first, self.second):
            getattr(server, method)(*arguments)

    def set_both(self, name: str, record_type: str, values: list[str] | None) -> None:
        self.both("set", name, record_type, values)

    def start(self) -> None:
        """Called once the fault is in place."""


def soa(zone: str, server: str, serial: int = SERIAL) -> str:
    return SOA.format(server=server, zone="root." if zone == "." else zone, serial=serial)


__all__ = [
    "CLICK",
    "FIRST",
    "RESOLVER",
    "ROOT",
    "SECOND",
    "TARGET",
    "TLD",
    "VENDOR",
    "ZONE",
    "Careful",
    "Internet",
    "soa",
]
