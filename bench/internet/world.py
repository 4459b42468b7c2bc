"""The whole small internet at once."""

from __future__ import annotations

import json
import subprocess
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.internet import plan
from bench.internet.edge import nginx
from bench.internet.namespace import bring_up_loopback, linkproof, write
from bench.internet.servers import Program, knot, unbound

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class World:
    """What runs, and the files that describe it.

    Args:
        folder: everything is below it.
        authorities: the knot of the customer's and the vendors' zones; None where another process has it.
    """

    folder: Path
    shape: plan.Shape
    authorities: Program | None

    @property
    def hints(self) -> Path:
        return self.folder / "resolver" / "hints"

    def verify_command(self, expectations: Path, *more: str, with_resolvers: bool = True) -> list[str]:
        """The real command, with JSON on its output."""
        command = [*linkproof(), "verify", "--expectations", str(expectations), "--hints", str(self.hints)]
        command += ["--dns-port", "53", "--ca", str(self.folder / "edge" / "ca.pem"), "--json"]
        for address in self.shape.resolver_addresses() if with_resolvers else []:
            command += ["--resolver", address]
        return [*command, *more]

    def expectations(self, shape: plan.Shape | None = None, *, with_endpoints: bool = True) -> Path:
        """Write the expectations of this internet, or of its first links."""
        shape = shape or self.shape
        tree = plan.expectations(shape, with_endpoints=with_endpoints)
        return write(self.folder / f"expectations-{shape.links}-{int(with_endpoints)}.json", json.dumps(tree))


@contextmanager
def world(folder: Path, shape: plan.Shape) -> Iterator[World]:
    """Start everything, wait until it answers, and end it; inside a namespace of its own.

    Raises:
        CannotMeasureError: a program is missing or does not start.
    """
    bring_up_loopback()
    with ExitStack() as programs:
        yield World(folder, shape, start(programs, folder, shape))


def start(programs: ExitStack, folder: Path, shape: plan.Shape) -> Program:
    zones = plan.zones(shape)
    upper = {name: zones.pop(name) for name in (".", "com.", "net.")}
    above = programs.enter_context(knot(folder / "above", [*shape.roots(), *shape.top_levels()], upper))
    servers = [*shape.customer_servers(), *shape.vendor_servers()]
    authorities = programs.enter_context(knot(folder / "zones", servers, zones))
    resolver = programs.enter_context(unbound(folder / "resolver", shape.resolver_addresses(), plan.hints(shape)))
    edge = programs.enter_context(
        nginx(folder / "edge", [*shape.edge_addresses(), shape.sender_address()], shape.customers())
    )
    above.wait_for_zone(shape.roots()[0], ".")
    for name in zones:
        authorities.wait_for_zone(servers[0], name)
    resolver.wait_for_zone(shape.resolver_addresses()[0], f"{plan.CUSTOMER}.")
    edge.wait_for_port(shape.edge_addresses()[0], 443)
    return authorities


def route_locally(network: str) -> None:
    """Make every address of a network one of ours, as 127/8 is."""
    subprocess.run(["ip", "route", "add", "local", network, "dev", "lo"], check=True)


def describe(folder: Path, shape: plan.Shape) -> World:
    """A world that somebody else started in the same folder."""
    return World(folder, shape, None)
