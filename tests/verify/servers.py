"""Real DNS servers on loopback: one honest, and one class for each way to misbehave."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

Content = dict[tuple[str, str], list[str]]
TTL = 300


class Honest:
    """Answers from its zones as an authoritative server does: AA, referrals, wildcards, NXDOMAIN and NODATA with SOA."""

    listens_tcp = True
    # the highest that it knows; BADVERS to the others (RFC 6891 §6.1.3)
    edns_version = 0

    def __init__(self) -> None:
        self.zones: dict[str, Content] = {}
        self.ttl = TTL
        self.later_versions = 0
        self.asked: Counter[tuple[str, str]] = Counter()

    def load(self, zone: str, content: Content, serial: int = 1) -> None:
        self.zones[zone] = {
            (zone, "SOA"): [f"ns. host. {serial} 900 300 86400 60"],
            **{k: list(v) for k, v in content.items()},
        }

    def set(self, name: str, record_type: str, values: list[str] | None) -> None:
        zone = self._zone_of(name)
        self.zones[zone].pop((name, record_type), None)
        if values:
            self.zones[zone][name, record_type] = values

    def packets(self, wire: bytes, *, tcp: bool) -> list[bytes]:
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name, record_type = question.name.to_text().lower(), dns.rdatatype.to_text(question.rdtype)
        self.asked[name, record_type] += 1
        response = self._other_version(query) or self.respond(query, name, record_type, tcp=tcp)
        return [response.to_wire(max_size=65535)] if response else []

    def _other_version(self, query: dns.message.Message) -> dns.message.Message | None:
        self.later_versions += query.edns > 0
        if query.edns <= self.edns_version:
            return None
        response = dns.message.make_response(query)
        response.set_rcode(dns.rcode.BADVERS)
        return response

    def respond(
        self, query: dns.message.Message, name: str, record_type: str, *, tcp: bool
    ) -> dns.message.Message | None:
        response = dns.message.make_response(query)
        zone = self._zone_of(name)
        if not zone:
            response.set_rcode(dns.rcode.REFUSED)
            return response
        content = self.zones[zone]
        cut = self._cut(zone, name)
        # DS is the one type that a parent answers about the zone below (RFC 4035 §3.1.4.1)
        if cut and not (record_type == "DS" and name == cut):
            for value in content[cut, "NS"]:
                self._add(response.authority, cut, "NS", [value])
                for kind in ("A", "AAAA"):
                    self._add(response.additional, value, kind, content.get((value, kind), []))
            return response
        response.flags |= dns.flags.AA
        owner = name if self._exists(zone, name) else self._wildcard(zone, name)
        values = content.get((owner, record_type), []) if owner else []
        if not values and owner and (owner, "CNAME") in content:
            record_type, values = "CNAME", content[owner, "CNAME"]
        self._add(response.answer, name, record_type, values)
        if not values:
            self._add(response.authority, zone, "SOA", content[zone, "SOA"])
            if not owner:
                response.set_rcode(dns.rcode.NXDOMAIN)
        return response

    def _zone_of(self, name: str) -> str:
        around = [zone for zone in self.zones if zone == "." or name == zone or name.endswith("." + zone)]
        return max(around, key=len, default="")

    def _cut(self, zone: str, name: str) -> str:
        labels = name.rstrip(".").split(".")
        for position in range(len(labels) - 1, -1, -1):
            here = ".".join(labels[position:]) + "."
            if len(here) > len(zone) and (here, "NS") in self.zones[zone]:
                return here
        return ""

    def _exists(self, zone: str, name: str) -> bool:
        return any(owner == name or owner.endswith("." + name) for owner, _ in self.zones[zone])

    def _wildcard(self, zone: str, name: str) -> str:
        while len(name) > len(zone):
            name = name.partition(".")[2]
            if any(owner == f"*.{name}" for owner, _ in self.zones[zone]):
                return f"*.{name}"
            if self._exists(zone, name):
                return ""
        return ""

    def _add(self, section: list[Any], name: str, record_type: str, values: list[str]) -> None:
        section.extend(dns.rrset.from_text(name, self.ttl, "IN", record_type, value) for value in values)


class Refuses(Honest):
    def respond(self, query, name, record_type, *, tcp):
        response = dns.message.make_response(query)
        response.set_rcode(dns.rcode.REFUSED)
        return response


class RefusesOneName(Honest):
    name = ""

    def respond(self, query, name, record_type, *, tcp):
        return (
            Refuses.respond(self, query, name, record_type, tcp=tcp)
            if name == self.name
            else super().respond(query, name, record_type, tcp=tcp)
        )


class Fails(Honest):
    def respond(self, query, name, record_type, *, tcp):
        response = dns.message.make_response(query)
        response.set_rcode(dns.rcode.SERVFAIL)
        return response


class RefersUpward(Honest):
    def respond(self, query, name, record_type, *, tcp):
        response = dns.message.make_response(query)
        self._add(response.authority, ".", "NS", ["a.root."])
        return response


class AnswersNothing(Honest):
    def respond(self, query, name, record_type, *, tcp):
        return dns.message.make_response(query)


class ForgetsAuthority(Honest):
    """A forwarder: the right records, never AA."""

    def respond(self, query, name, record_type, *, tcp):
        response = super().respond(query, name, record_type, tcp=tcp)
        response.flags &= ~dns.flags.AA
        return response


class Silent(Honest):
    def respond(self, query, name, record_type, *, tcp):
        return None


class SilentForOneName(Honest):
    name = ""

    def respond(self, query, name, record_type, *, tcp):
        return None if name == self.name else super().respond(query, name, record_type, tcp=tcp)


class Spoofed(Honest):
    """Someone races the server: garbage, another id and another question come before the right answer."""

    def packets(self, wire, *, tcp):
        right = super().packets(wire, tcp=tcp)
        if tcp or not right:
            return right
        lie = bytes([right[0][0] ^ 1]) + right[0][1:]
        other = dns.message.make_response(
            dns.message.make_query("other.example.", "A", id=int.from_bytes(right[0][:2], "big"))
        ).to_wire()
        return [b"\xff" * 40, lie, other, right[0][:2] + b"\x80\x00\xff\xff", *right]


class CutsShort(Honest):
    """Every answer over UDP has TC and nothing in it."""

    def respond(self, query, name, record_type, *, tcp):
        response = super().respond(query, name, record_type, tcp=tcp)
        if not tcp:
            response.flags |= dns.flags.TC
            response.answer, response.authority, response.additional = [], [], []
        return response


class CutsShortWithoutTcp(CutsShort):
    listens_tcp = False


class RefusesEdns(Honest):
    def respond(self, query, name, record_type, *, tcp):
        if query.edns < 0:
            return super().respond(query, name, record_type, tcp=tcp)
        response = dns.message.make_response(query)
        response.use_edns(-1)
        response.set_rcode(dns.rcode.FORMERR)
        return response


class AddressBesideCname(Honest):
    """Breaks RFC 1034: the CNAME for CNAME questions, addresses for A questions, at one name."""

    name = ""

    def respond(self, query, name, record_type, *, tcp):
        if name == self.name and record_type == "A":
            response = dns.message.make_response(query)
            response.flags |= dns.flags.AA
            self._add(response.answer, name, "A", ["127.0.0.9"])
            return response
        return super().respond(query, name, record_type, tcp=tcp)


class Resolver(Honest):
    """A caching resolver in the state that a test puts it in: `answers` by question, NXDOMAIN for the rest.

    It follows a CNAME for addresses: to `addresses` of its target, or to the address that every target of the tests has; targets have
    nothing of any other type.
    """

    def __init__(self) -> None:
        super().__init__()
        self.answers: dict[tuple[str, str], list[str]] = {}
        self.addresses: dict[str, list[str]] = {}
        self.rcode = dns.rcode.NOERROR
        self.extended_error: int | None = None

    def respond(self, query, name, record_type, *, tcp):
        response = dns.message.make_response(query, recursion_available=True)
        response.set_rcode(self.rcode)
        if self.extended_error is not None:
            response.use_edns(0, options=[dns.edns.EDEOption(self.extended_error)])
        values = self.answers.get((name, record_type))
        if record_type not in {"CNAME", "NS"} and values is None and self.rcode == dns.rcode.NOERROR:
            targets = self.answers.get((name, "CNAME"), [])
            self._add(response.answer, name, "CNAME", targets)
            for target in targets if record_type == "A" else ():
                self._add(response.answer, target, "A", self.addresses.get(target, ["127.61.10.1"]))
            values = [] if targets else None
        if values is None and self.rcode == dns.rcode.NOERROR:
            response.set_rcode(dns.rcode.NXDOMAIN)
        self._add(response.answer, name, record_type, values or [])
        return response


class Loop:
    """An event loop in a thread of its own, for servers; `verify` runs its own loop in the test's thread."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self._closers: list[Callable[[], Any]] = []

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    def serve_dns(self, server: Honest, address: str, port: int) -> None:
        self.run(self._serve_dns(server, address, port))

    async def _serve_dns(self, server: Honest, address: str, port: int) -> None:
        class Udp(asyncio.DatagramProtocol):
            def connection_made(self, transport):
                self.transport = transport

            def datagram_received(self, data, addr):
                for packet in server.packets(data, tcp=False):
                    self.transport.sendto(packet, addr)

        async def tcp(reader, writer):
            try:
                wire = await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))
                for packet in server.packets(wire, tcp=True):
                    writer.write(len(packet).to_bytes(2, "big") + packet)
                await writer.drain()
            except (EOFError, OSError):
                pass
            finally:
                writer.close()

        transport, _ = await self.loop.create_datagram_endpoint(Udp, local_addr=(address, port))
        self._closers.append(transport.close)
        if server.listens_tcp:
            listener = await asyncio.start_server(tcp, address, port)
            self._closers.append(listener.close)

    def serve_stream(self, handler: Any, address: str, port: int, context: Any = None) -> None:
        async def start() -> None:
            listener = await asyncio.start_server(handler, address, port, ssl=context)
            self._closers.append(listener.close)

        self.run(start())

    def close(self) -> None:
        async def stop() -> None:
            for closer in self._closers:
                closer()
            tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        self.run(stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(5)
        self.loop.close()
