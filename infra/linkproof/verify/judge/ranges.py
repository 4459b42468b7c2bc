"""The addresses of proxied names against what the provider publishes."""

from __future__ import annotations

import ipaddress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from linkproof.verify.judge.subject import FindingSubject, Violation
from linkproof.verify.observations.answer import Reply

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linkproof.expectations.model import RecordExpectation
    from linkproof.verify.observations.record import RecordObservation
    from linkproof.verify.result import Cell

_FILE = Path(__file__).parent / "address-ranges.yaml"
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@cache
def published_ranges(provider: str) -> tuple[Network, ...]:
    """What a provider publishes; empty for one whose list is not kept."""
    return _published().get(provider, ())


@cache
def _published() -> dict[str, tuple[Network, ...]]:
    import yaml

    tree = yaml.safe_load(_FILE.read_text("utf-8"))["providers"]
    return {name: tuple(ipaddress.ip_network(text) for text in one.get("ranges", ())) for name, one in tree.items()}


def addresses_of(values: Iterable[str]) -> tuple[str, ...]:
    """Those that are addresses: a saved answer may say anything."""
    return tuple(value for value in values if _is_address(value))


def _is_address(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return True


def providers_of(addresses: Sequence[str]) -> list[str]:
    """Who publishes ranges in which all of these addresses are."""
    return [
        name
        for name, ranges in _published().items()
        if ranges and addresses and not any(_is_outside(one, ranges) or _is_loopback(one) for one in addresses)
    ]


def judge_ranges(
    record: RecordExpectation, seen: RecordObservation, ranges: Sequence[Network], provider: str
) -> list[Cell]:
    """One warning for the first server that gives an address outside; loopback is a lab and is passed over."""
    subject = FindingSubject(record.id, record.path, record.name, "A")
    for _, answers in sorted(seen.answers.items()):
        values = [
            value
            for answer in (answers.own, answers.address)
            if isinstance(answer, Reply)
            for value in answer.values("A") + answer.values("AAAA")
        ]
        outside = [value for value in values if _is_outside(value, ranges)]
        if outside:
            return [
                subject.cell(
                    Violation("dns.address-out-of-range", f"an address of {provider}", ", ".join(outside)),
                    answers.own.vantage,
                )
            ]
    return []


def _is_loopback(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False


def _is_outside(text: str, ranges: Sequence[Network]) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return True
    return not address.is_loopback and not any(
        address in network for network in ranges if network.version == address.version
    )
