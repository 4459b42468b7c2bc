"""Rules of a declaration with servers of one's own, the same for each."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from linkproof.contract.declared import Edge
from linkproof.contract.rules import EdgeRule, EdgeView, Fault, Rule
from linkproof.contract.server import ServerFacts
from linkproof.servers.options import of
from linkproof.servers.versions import refusal, version_of


def rules_of(server: str, facts: ServerFacts) -> list[EdgeRule]:
    """The rules of one plug-in.

    Args:
        server: its name, with which their ids begin.
    """

    def version(view: EdgeView) -> Iterator[Fault]:
        named = ", ".join(facts.PACKAGED)
        for edge in view.edges:
            options = of(edge)
            found = version_of(options.version, facts)
            if found is None:
                message = f"there is no {server} {options.version}"
                yield Fault(f"{edge.path}.version", message, f"write a number, as 1.2.3, or one of: {named}")
            elif why := refusal(found, facts):
                yield Fault(
                    f"{edge.path}.version", f"{server} {options.version}: {why}", f"use {facts.PACKAGED['newest']}"
                )

    def name(view: EdgeView) -> Iterator[Fault]:
        for edge in view.edges:
            yield from _name(edge, view)

    def files(view: EdgeView) -> Iterator[Fault]:
        for edge in view.edges:
            options = of(edge)
            if options.key is not None and facts.KEY_IN_CERTIFICATE:
                message = f"{server} reads the key from the certificate's file"
                yield Fault(f"{edge.path}.key", message, "remove `key`; `certificate` is the file with both")
            if options.challenge is not None and options.challenge.startswith("/") != facts.CHALLENGE.startswith("/"):
                wanted = "a folder" if facts.CHALLENGE.startswith("/") else "ADDRESS:PORT of a tool that answers"
                message = f"{server} cannot take {options.challenge}"
                yield Fault(f"{edge.path}.challenge", message, f"write {wanted}, as {facts.CHALLENGE}")
            for path, key in ((options.certificate, "certificate"), (options.key, "key")):
                if path is not None and "{host}" not in path:
                    message = "every link would have one and the same file"
                    yield Fault(f"{edge.path}.{key}", message, "write `{host}` where the click host stands")
            if facts.NEEDS_RESOLVERS and not options.resolvers:
                message = f"{server} asks no resolver by itself, and follows no changed origin without one"
                yield Fault(edge.path, message, "write `resolvers:`, as [127.0.0.53] or what /etc/resolv.conf has")

    return [
        Rule(f"edge.{server}-version", f"what {server} does to a click was tried version by version", version),
        Rule(
            f"edge.{server}-name", "the click hosts' CNAMEs lead to the server's name, which must have addresses", name
        ),
        Rule(f"edge.{server}-files", f"what {server} reads certificates and names from", files),
    ]


def _name(edge: Edge, view: EdgeView) -> Iterator[Fault]:
    options = of(edge)
    path = f"{edge.path}.name"
    if options.name in view.claimed:
        message = f"{options.name} is declared to be a CNAME itself, at {view.claimed[options.name]}"
        yield Fault(path, message, "give the server a name of its own")
    families = {ipaddress.ip_address(one).version for one in options.addresses}
    if len(families) < len(options.addresses):
        yield Fault(
            f"{edge.path}.addresses", "two addresses of one family", "write one IPv4 and one IPv6 address at most"
        )
    if not options.addresses:
        return
    if not any(options.name == zone or options.name.endswith(f".{zone}") for zone in view.zones):
        message = f"{options.name} is in no declared zone, so its records cannot be made"
        yield Fault(path, message, "declare its zone, or remove `addresses`")
    lacking = {
        family: placed.link.path
        for placed in view.links
        if placed.edge == edge
        for family in (*placed.link.families, 4)
        if family not in families
    }
    for family, link in sorted(lacking.items()):
        yield Fault(f"{edge.path}.addresses", f"no IPv{family} address, which {link} must be reached by", "add one")
    for other in view.edges:
        if other.key < edge.key and of(other).name == options.name and of(other).addresses != options.addresses:
            message = f"{other.path} has other addresses for {options.name}"
            yield Fault(f"{edge.path}.addresses", message, "a server has one name: give each its own")
