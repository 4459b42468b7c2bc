"""A server of one's own: the click host is a CNAME of the server's name in every phase, so that a step is one update of one record."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from linkproof.contract.edge import Click, EdgePart, EdgePlanned, EdgeUse
from linkproof.contract.items import Record
from linkproof.contract.server import ServerFacts
from linkproof.servers.items import ServerHost
from linkproof.servers.options import ServerOptions, of

# A certificate must be there before DNS leads to the server, which is DNS's to prove; renewals may be proved by the server itself.
METHODS = ("dns-01", "http-01")


def plan_with(
    uses: Sequence[EdgeUse],
    server: str,
    item: type[ServerHost],
    facts: ServerFacts,
    settings: Sequence[tuple[str, str]] = (),
) -> EdgePlanned:
    """Each link's own place in the configuration, the server's records, and how both are proved.

    Args:
        item: the plug-in's own kind.
    """
    return EdgePlanned({use.key: _part(use, server, item, (*facts.SETTINGS, *settings)) for use in uses})


def _part(use: EdgeUse, server: str, item: type[ServerHost], settings: Sequence[tuple[str, str]]) -> EdgePart:
    options, needs = of(use.edge), use.needs
    name = f"{options.name}."
    records = tuple(_records(use, options))
    host = item(
        resource=f"{use.host}/{server}",
        path=use.path,
        host=use.host,
        server=server,
        name=name,
        origin=needs.origin,
        account=use.edge.account,
        protect=use.in_use,
    )
    told = [
        *(["the click host as Host"] if "Host" in needs.headers else ["its own name as Host"]),
        *([] if needs.forwarded_host == "no" else ["X-Forwarded-Host"]),
    ]
    return EdgePart(
        items=(host, *records),
        checks=(use.endpoint(name), use.caa(options.certificate_authorities(), METHODS)),
        click=Click(name, needs=(host.resource, *(record.resource for record in records))),
        certificate="on the server",
        certificate_is_yours=True,
        settings=(
            (
                "server",
                f"{options.name} ({server} {options.version}); `linkproof server-config` writes its configuration",
            ),
            ("origin", f"https://{needs.origin} (TLS 1.2 and 1.3, verified by that name; {' and '.join(told)})"),
            ("forwards", "path and query as they were sent, all headers but cookies; each click once"),
            ("cache", "off"),
            ("viewer", "http and https, TLS 1.2 and 1.3, IPv4 and IPv6"),
            *settings,
        ),
    )


def _records(use: EdgeUse, options: ServerOptions) -> list[Record]:
    """The server's own: links share them, and one in use protects them for all."""
    return [
        Record(
            id=f"edge/{use.edge.key}/{'address' if kind == 'A' else 'address-ipv6'}",
            path=f"{use.edge.path}.addresses",
            resource=f"{options.name}/{kind}",
            zone="",  # the plan finds it
            name=options.name,
            type=kind,
            value=address,
            ttl_seconds=options.ttl_seconds,
            protect=use.in_use,
            resolve="none",
        )
        for address in options.addresses
        for kind in ("A" if ipaddress.ip_address(address).version == 4 else "AAAA",)
    ]
