"""Every source that a person named, read one after the other. The first that fails ends it, before anything is written."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from linkproof import registry
from linkproof.contract.declared import DEFAULT_ACCOUNT
from linkproof.contract.seen import SeenBrand, SeenEdge, SeenZone
from linkproof.discover.model import Seen
from linkproof.discover.octodns import read_octodns
from linkproof.discover.read import SourceFileError, read_text, zone_name
from linkproof.discover.terraform import read_terraform
from linkproof.discover.zone_file import read_zone_file
from linkproof.errors import LinkproofError
from linkproof.names import HostName
from linkproof.show import did_you_mean, show

ClientOf = Callable[[str, str], Any]
"""From a vendor and an account to the vendor's client."""


@dataclass(frozen=True, slots=True)
class Sources:
    """As they stand on the command line.

    Args:
        zone_files: `[NAME=]FILE`, as with octodns.
        apis: `HOST[=ACCOUNT]`, the name of a DNS host's plug-in.
        zones: names; of APIs and Terraform these alone.
        senders: `SENDER[=ACCOUNT]`, whose API is asked for the account's links.
        answers: `SENDER=FILE`, what that API answered.
    """

    hosts: tuple[str, ...] = ()
    zone_files: tuple[str, ...] = ()
    octodns: tuple[str, ...] = ()
    terraform: tuple[str, ...] = ()
    apis: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        records = self.hosts or self.zone_files or self.octodns or self.terraform or self.apis
        return bool(records or self.senders or self.answers)


def gather(sources: Sources, client_of: ClientOf) -> Seen:
    """What all of them say.

    Raises:
        LinkproofError: one fails, or is not what it was said to be.
    """
    hosts = tuple(dict.fromkeys(HostName.parse(host).text for host in sources.hosts))
    names = frozenset(zone_name(one, "--zone") for one in sources.zones)
    asked = [_api(one) for one in sources.apis]
    senders = [_sender(one) for one in sources.senders]
    brands = [brand for one in sources.answers for brand in _saved(one)]
    zones: list[SeenZone] = [read_zone_file(file, name) for name, file in map(named_file, sources.zone_files)]
    zones += [read_octodns(file, name) for name, file in map(named_file, sources.octodns)]
    edges: list[SeenEdge] = []
    for file in sources.terraform:
        found, of_edges = read_terraform(Path(file))
        zones += [zone for zone in found if not names or not zone.name or zone.name in names]
        edges += of_edges
    for plugin, account in asked:
        assert plugin.discover is not None
        assert plugin.facts.VENDOR is not None
        client = client_of(plugin.facts.VENDOR, account)
        with registry.vendor(plugin.facts.VENDOR).client.asking("its zones and their records", account):
            found_there = list(plugin.discover.zones(client, account, names))
        if not found_there:
            wanted = f"of {', '.join(sorted(names))}" if names else "at all"
            raise LinkproofError(
                f"{plugin.facts.NAME}, account {account}: the API lists no zone {wanted}",
                "credentials without the scope for it see none: see the README of its plug-in, or leave the source out",
            )
        zones += found_there
    brands += [brand for sender, account in senders for brand in _at_sender(sender, account, client_of)]
    return Seen(tuple(zones), tuple(edges), hosts, tuple(sorted(names)), tuple(brands))


def _at_sender(sender: registry.SenderPlugin, account: str, client_of: ClientOf) -> list[SeenBrand]:
    assert sender.discover is not None
    assert sender.facts.VENDOR is not None
    client = client_of(sender.facts.VENDOR, account)
    with registry.vendor(sender.facts.VENDOR).client.asking("its links", account):
        answer = sender.discover.answer(client)
    return list(sender.discover.brands(answer, f"{sender.facts.NAME}, account {account}"))


def _saved(text: str) -> list[SeenBrand]:
    """Of an answer in a file."""
    name, _, file = text.partition("=")
    if not file:
        raise LinkproofError(f"--sender-answer {show(text)}: names no file", "write --sender-answer SENDER=FILE")
    sender, _ = _sender(name, "--sender-answer")
    assert sender.discover is not None
    try:
        return list(sender.discover.brands(json.loads(read_text(Path(file))), file))
    except ValueError as error:
        reason = f"line {error.lineno}: {error.msg}" if isinstance(error, json.JSONDecodeError) else str(error)
        raise SourceFileError(file, reason, f"save what {sender.facts.NAME}'s API answers, as it is") from error


def _sender(text: str, option: str = "--sender") -> tuple[registry.SenderPlugin, str]:
    name, _, account = text.partition("=")
    known = [plugin.name for plugin in registry.senders() if plugin.discover is not None]
    if name not in known:
        problem = f"{option} {show(text)}: no sender that lists its links has this name"
        raise LinkproofError(problem, did_you_mean(name, known))
    return registry.sender(name), account or DEFAULT_ACCOUNT


def named_file(text: str) -> tuple[str, Path]:
    """`NAME=FILE`, or a file alone."""
    name, sign, file = text.partition("=")
    return (name, Path(file)) if sign and not Path(text).exists() else ("", Path(text))


def _api(text: str) -> tuple[registry.DnsPlugin, str]:
    name, _, account = text.partition("=")
    known = [plugin.name for plugin in registry.dns_hosts() if plugin.discover is not None]
    if name not in known:
        raise LinkproofError(f"--dns {show(text)}: no API of a DNS host has this name", did_you_mean(name, known))
    return registry.dns(name), account or DEFAULT_ACCOUNT
