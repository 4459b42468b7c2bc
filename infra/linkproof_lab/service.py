"""What a service of the lab is: a folder of files that are always called the same.

| file | has | says |
|---|---|---|
| `facts.py` | `FACTS: Facts` | title, vendor, Pulumi package, addresses; always there, and light to import |
| `zones.py` | `zones(settings) -> Zones` | the service's own DNS zones and what they hold from the start |
| `api.py` | `api(settings, store, parts) -> Api` | its API (`apis.contract`), or its part of a vendor's |
| `edge.py` | `edge(web) -> WebHost` | how a request at its edge is answered (`web.contract`) |
| `origin.py` | `origin(web) -> WebHost` | the sender's servers |
| `customers.py` | `settle(customer)` | what its customers have done there before anyone deploys (`customers.Customer`) |
| `provider.py` | `SECRET_NAMES`, `check`, `client` | the config of its Pulumi package; without one, that of `providers.endpoints` |
| `resources.py` | `resources(client) -> Package` | its resource types in the stand-in of its Pulumi package |
| `hints.py` | `hints(lab, ca, plan, state)` | what to try in it, as commands for a shell |

An absent file means that the ability is absent. Nothing outside a folder names what is in it.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any, Literal

from linkproof.errors import LinkproofError

from linkproof_lab import registry

Kind = Literal["vendors", "edges", "senders", "dns"]
Octets = tuple[int, int]
"""The last two numbers of an address, 127.<net>.x.y."""
Zones = Mapping[str, Sequence[tuple[str, str, int, tuple[str, ...]]]]
"""Record sets (name, type, TTL in seconds, RDATA) by the zone that holds them."""

# What the lab itself needs, whatever services there are.
ROOT_SERVERS: tuple[Octets, ...] = ((0, 1), (0, 2))
TLD_SERVERS: tuple[Octets, ...] = ((1, 1), (1, 2))
VENDOR_SERVERS: tuple[Octets, ...] = ((2, 1), (2, 2))
RESOLVER: Octets = (53, 53)
CONTROL_API: Octets = (100, 9)


class ServiceError(LinkproofError):
    """The registry or a service's folder does not say what it must."""


@dataclass(frozen=True, slots=True)
class NameServer:
    """A server of a DNS host's zones.

    Args:
        name: two labels or more above a TLD; all of a host's lie in one zone, which the host's own servers serve.
        ipv6: it also listens on [::1]; one server in a lab can.
    """

    name: str
    at: Octets
    ipv6: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Where a service is and whose it is. Addresses are its own: two services with the same one do not start.

    Args:
        title: as people say it.
        vendor: the key of the vendor whose account and API address it shares; None where it has its own.
        package: the Pulumi package that its resource types are in.
        api: where its API listens, on the lab's `api_port`.
        edges: where its edge listens, on `http_port` and `https_port`.
        origins: where its origin listens, on the same two ports.
        servers: the name servers of its customers' zones.
    """

    title: str
    vendor: str | None = None
    package: str | None = None
    api: Octets | None = None
    edges: tuple[Octets, ...] = ()
    origins: tuple[Octets, ...] = ()
    servers: tuple[NameServer, ...] = ()

    @property
    def addresses(self) -> tuple[Octets, ...]:
        own = (self.api,) if self.api else ()
        return (*own, *self.edges, *self.origins, *(server.at for server in self.servers))


# What the facts must say for a file to have an effect.
_NEEDS = {"api": "api|vendor", "edge": "edges", "origin": "origins", "resources": "package"}
_SAY_IT = "say it in its facts.py"


@dataclass(frozen=True, slots=True)
class Service:
    """One registry line."""

    kind: Kind
    name: str
    folder: str

    @property
    def key(self) -> str:
        """`edges/cloudfront`."""
        return f"{self.kind}/{self.name}"

    @property
    def facts(self) -> Facts:
        facts = getattr(self.file("facts"), "FACTS", None)
        if not isinstance(facts, Facts):
            raise ServiceError(f"{self.key}: {self.folder}.facts has no FACTS", "write `FACTS = Facts(title=…)` there")
        return facts

    def has(self, file: str) -> bool:
        return find_spec(f"{self.folder}.{file}") is not None

    def file(self, file: str) -> Any:
        """A module of its folder, or None where there is none.

        Raises:
            ServiceError: the folder does not exist.
        """
        try:
            return importlib.import_module(f"{self.folder}.{file}") if self.has(file) else None
        except ModuleNotFoundError as error:
            if error.name and self.folder.startswith(error.name):
                raise ServiceError(
                    f"{self.key}: there is no folder {self.folder}", "correct its line in registry.py"
                ) from error
            raise


@cache
def services(kind: Kind | None = None) -> tuple[Service, ...]:
    """Those of a kind, or all, in the registry's order.

    Raises:
        ServiceError: two services have the same address, a vendor is unknown, or the facts do not say what a file needs.
    """
    if kind is not None:
        return tuple(service for service in services() if service.kind == kind)
    by_kind: dict[Kind, dict[str, str]] = {
        "vendors": registry.VENDORS,
        "edges": registry.EDGES,
        "senders": registry.SENDERS,
        "dns": registry.DNS,
    }
    found = tuple(Service(kind, name, folder) for kind, lines in by_kind.items() for name, folder in lines.items())
    _check(found)
    return found


def service(key: str) -> Service:
    """By `<kind>/<name>`.

    Raises:
        ServiceError: there is none.
    """
    for one in services():
        if one.key == key:
            return one
    raise ServiceError(f"the lab has no {key}", f"use one of {', '.join(one.key for one in services())}")


def _check(found: tuple[Service, ...]) -> None:
    own = (*ROOT_SERVERS, *TLD_SERVERS, *VENDOR_SERVERS, RESOLVER, CONTROL_API)
    taken = dict.fromkeys(own, "the lab itself")
    for one in found:
        for address in one.facts.addresses:
            if address in taken:
                raise ServiceError(
                    f"{one.key} and {taken[address]} have the same address {address[0]}.{address[1]}",
                    f"give {one.key} another in {one.folder}.facts",
                )
            taken[address] = one.key
        vendor = one.facts.vendor
        if vendor is not None and vendor not in registry.VENDORS:
            raise ServiceError(f"{one.key}: there is no vendor {vendor!r}", "add it to VENDORS in registry.py")
        for file, fact in _NEEDS.items():
            if one.has(file) and not any(getattr(one.facts, name) for name in fact.split("|")):
                raise ServiceError(
                    f"{one.key} has {file}.py, and its facts have no {fact.replace('|', ' or ')}", _SAY_IT
                )
        if one.kind == "dns" and not one.facts.servers:
            raise ServiceError(f"{one.key} has no name servers", _SAY_IT)
    on_ipv6 = [server.name for one in found for server in one.facts.servers if server.ipv6]
    if len(on_ipv6) > 1:
        raise ServiceError(f"{' and '.join(on_ipv6)} cannot both listen on [::1]", "keep ipv6=True for one of them")
