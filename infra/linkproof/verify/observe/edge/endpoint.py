"""Connect to every address of an endpoint: handshake with SNI = the host, then the sender's safe probe."""

from __future__ import annotations

import asyncio
import ipaddress
from dataclasses import replace
from typing import TYPE_CHECKING

from linkproof.names import nonce_name
from linkproof.verify.marks import Probe
from linkproof.verify.observations.edge import EndpointObservation, ParentObservation
from linkproof.verify.observations.resolved import Resolved
from linkproof.verify.observe.concurrency import share_of
from linkproof.verify.observe.edge.app_files import ask_files
from linkproof.verify.redaction.recipients import hiding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from linkproof.expectations.model import EndpointExpectation
    from linkproof.verify.observe.dns.walk import Walker
    from linkproof.verify.observe.port import Port

# An edge has two to eight addresses; a hostile answer may hold thousands.
MAX_ADDRESSES = 16
# At a time, of up to three connections each.
ADDRESSES = 150
# A click host has one to three labels below its registrable domain; more are cut, and said.
MAX_PARENTS = 8
_ROOT = Probe("HEAD", "/")


class EndpointObserver:
    """Probes endpoints at every address they have.

    Args:
        walker: finds the addresses.
        port: connects.
        leads_to: where a host's CNAME should lead, by the host's name.
        processes: how many probe together.
    """

    def __init__(self, walker: Walker, port: Port, leads_to: Mapping[str, frozenset[str]], processes: int = 1) -> None:
        self._walker, self._port, self._leads_to = walker, port, leads_to
        self._asked_parents: dict[str, asyncio.Future[ParentObservation]] = {}
        self._connections = asyncio.Semaphore(share_of(ADDRESSES, processes))

    async def prepare(self, endpoints: Sequence[EndpointExpectation]) -> None:
        """Ask together for the addresses of all of them, and on the way to where they should lead before an answer says so."""
        hosts = [_target_of(item) for item in endpoints if not _is_address(item)]
        names = [*hosts, *(target for host in hosts for target in sorted(self._leads_to.get(host, ())))]
        wanted = [(name, kind) for name in names for kind in ("A", "AAAA")]
        await self._walker.prepare(
            [*wanted, *((f"{item.host}.", "HTTPS") for item in endpoints if item.links_are_http)], is_urgent=True
        )

    async def observe(self, endpoint: EndpointExpectation, probe: Probe | None) -> EndpointObservation:
        """Probe one endpoint.

        Args:
            endpoint: what is expected.
            probe: the request that leaves no event; None to stop after the handshake.
        """
        probe = hiding(endpoint, probe) if probe else None
        resolved, found = await self._addresses(endpoint)
        declared = tuple(address for address in found if _family(address) in endpoint.families)
        addresses = declared[:MAX_ADDRESSES]
        missing = tuple(
            family for family in endpoint.families if not any(_family(address) == family for address in addresses)
        )
        literal = resolved is None
        seen = EndpointObservation(
            resolved,
            addresses,
            missing_families=() if literal else missing,
            passed_over=len(declared) - len(addresses),
            optional_addresses=tuple(address for address in found if _family(address) not in endpoint.families),
        )
        if len(addresses) == 1 and not endpoint.links_are_http and endpoint.nonce is None:
            # nothing to ask beside it: most links of a large run are such
            await self._address(endpoint, probe, addresses[0], seen)
            return seen
        *_, https_record, owner = await asyncio.gather(
            *(self._address(endpoint, probe, address, seen) for address in addresses),
            self._https_record(endpoint),
            self._owner(endpoint),
        )
        names = self._parents_of(endpoint)
        parents = dict(zip(names, await asyncio.gather(*map(self._parent, names)), strict=True))
        return replace(seen, https_record=https_record, owner=owner, parents=parents)

    async def _https_record(self, endpoint: EndpointExpectation) -> Resolved | None:
        """What makes a browser turn http:// into https:// before it asks (RFC 9460 §9.5); the CNAME is followed to its end."""
        if not endpoint.links_are_http:
            return None
        return await self._walker.resolve(f"{endpoint.host}.", "HTTPS")

    async def _owner(self, endpoint: EndpointExpectation) -> Resolved | None:
        name = nonce_name(endpoint.host)
        if endpoint.nonce is None or name is None:
            return None
        return await self._walker.resolve(f"{name}.", "TXT")

    def _parents_of(self, endpoint: EndpointExpectation) -> tuple[str, ...]:
        return endpoint.hsts_parents[:MAX_PARENTS] if endpoint.links_are_http else ()

    async def _parent(self, name: str) -> ParentObservation:
        """HEAD of the root of a zone above, once in a run; no redirect is followed, for HSTS counts on any answer (RFC 6797 §8.1)."""
        host = name.lower().rstrip(".")
        if host not in self._asked_parents:
            self._asked_parents[host] = asyncio.ensure_future(self._ask_parent(host))
        return await asyncio.shield(self._asked_parents[host])

    async def _ask_parent(self, host: str) -> ParentObservation:
        resolved = await self._walker.resolve(f"{host}.", "A")
        address = next((record.value for record in resolved.records if record.type == "A"), None)
        if address is None:
            return ParentObservation(resolved)
        async with self._connections:
            tls, answer = await self._port.tls(host, address, _ROOT)
        return ParentObservation(resolved, tls, answer)

    async def _addresses(self, endpoint: EndpointExpectation) -> tuple[Resolved | None, tuple[str, ...]]:
        if _is_address(endpoint):
            return None, (str(ipaddress.ip_address(endpoint.connect or "")),)
        name = _target_of(endpoint)
        targets = self._leads_to.get(name, frozenset())
        first = await self._walker.resolve_by(name, "A", targets)
        second = await self._walker.resolve_by(name, "AAAA", targets)
        found = tuple(dict.fromkeys(record.value for resolved in (first, second) for record in resolved.records))
        # what a required family lacks is reported from the answer that decided about it
        best = first if first.status != "missing" or second.status == "missing" else second
        return best, found

    async def _address(
        self, endpoint: EndpointExpectation, probe: Probe | None, address: str, seen: EndpointObservation
    ) -> None:
        async with self._connections:
            beside = asyncio.ensure_future(self._address_http(endpoint, probe, address, seen))
            try:
                await self._address_tls(endpoint, probe, address, seen)
                await beside
            finally:
                beside.cancel()
            if endpoint.universal_links is not None:
                seen.files.update(await ask_files(self._port, endpoint, address))

    async def _address_tls(
        self, endpoint: EndpointExpectation, probe: Probe | None, address: str, seen: EndpointObservation
    ) -> None:
        if endpoint.https != "off":
            seen.tls[address], https = await self._port.tls(endpoint.host, address, probe)
            if https is not None:
                seen.https[address] = https

    async def _address_http(
        self, endpoint: EndpointExpectation, probe: Probe | None, address: str, seen: EndpointObservation
    ) -> None:
        if endpoint.http != "off" and probe is not None:
            seen.http[address] = await self._port.http(endpoint.host, address, probe)


def _target_of(endpoint: EndpointExpectation) -> str:
    return f"{(endpoint.connect or endpoint.host).lower().rstrip('.')}."


def _is_address(endpoint: EndpointExpectation) -> bool:
    try:
        ipaddress.ip_address(endpoint.connect or "")
    except ValueError:
        return False
    return True


def _family(address: str) -> int:
    return 6 if ":" in address else 4
