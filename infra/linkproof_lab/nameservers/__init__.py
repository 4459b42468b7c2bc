"""The lab's DNS: authoritative servers on addresses of their own, and one caching resolver."""

from __future__ import annotations

import asyncio
import errno
import time
from collections.abc import Callable

import dns.message

from linkproof_lab.nameservers.ask import Server
from linkproof_lab.nameservers.authority import Authority
from linkproof_lab.nameservers.resolver import Resolver
from linkproof_lab.nameservers.transport import Sockets
from linkproof_lab.nameservers.watch import ChangeWatch
from linkproof_lab.nameservers.wire import Reply, Respond
from linkproof_lab.nameservers.zones import Zones
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.world import IPV6_ADDRESS, customer_hosts, ipv6_server, servers_of


class DnsPart:
    """All DNS servers of a running lab."""

    def __init__(self, sockets: list[Sockets], resolver: Resolver, watch: ChangeWatch, note: str) -> None:
        self._sockets = sockets
        self._resolver = resolver
        self._watch = watch
        self._note = note

    def health(self) -> str:
        return f"{len(self._sockets)} addresses on port {self._sockets[0].port}{self._note}"

    def flush_resolver(self) -> None:
        """Forget every answer, negative answer and delegation."""
        self._resolver.cache.flush()

    async def stop(self) -> None:
        await asyncio.gather(*(sockets.close() for sockets in self._sockets))
        self._watch.close()


async def start(
    settings: LabSettings,
    store: Store,
    *,
    clock: Callable[[], float] = time.time,
    resolver_clock: Callable[[], float] = time.monotonic,
) -> DnsPart:
    """Listen on every server's address.

    Args:
        clock: seconds since the epoch, for propagation delays.
        resolver_clock: seconds, for TTLs in the resolver's cache.

    Raises:
        PortInUseError: another process has the port.
    """
    watch = ChangeWatch(settings.database)
    zones = Zones(store, watch, clock)
    zones.refresh()
    authority = Authority(zones)
    resolver = Resolver(zones, settings.resolver, settings.root_servers, settings.dns_port, resolver_clock)

    def respond_as(server: Server) -> Respond:
        async def respond(query: dns.message.Message, transport: str) -> Reply:
            return authority.reply(query, transport, server)

        return respond

    handlers = {address: respond_as(Server(address, address)) for address in _server_addresses(settings, store)}
    handlers[settings.resolver] = resolver.reply
    on_ipv6 = ipv6_server()
    if on_ipv6 is not None:
        handlers[IPV6_ADDRESS] = respond_as(Server(IPV6_ADDRESS, _customer_servers(settings)[on_ipv6]))
    opened: list[Sockets] = []
    note = ""
    try:
        for address, respond in handlers.items():
            sockets = Sockets(address, settings.dns_port, respond)
            try:
                await sockets.open()
            except OSError as error:
                if address != IPV6_ADDRESS or error.errno not in {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}:
                    raise
                note = "; this machine has no IPv6 loopback, so the IPv6 server is missing"
            else:
                opened.append(sockets)
    except BaseException:
        await asyncio.gather(*(sockets.close() for sockets in opened))
        watch.close()
        raise
    return DnsPart(opened, resolver, watch, note)


def _server_addresses(settings: LabSettings, store: Store) -> list[str]:
    fixed = (
        *settings.root_servers,
        *settings.tld_servers,
        *settings.vendor_servers,
        *_customer_servers(settings).values(),
    )
    return list(dict.fromkeys((*fixed, *(address for zone in store.zones() for _, address in zone.servers))))


def _customer_servers(settings: LabSettings) -> dict[str, str]:
    """Address of each server of the DNS hosts, by its name."""
    return {name: address for host in customer_hosts() for name, address in servers_of(host, settings)}
