"""What Route 53 spells in its own way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from linkproof.contract.drift import Noise
from linkproof.dns.route53.state import RECORD_TYPE
from linkproof.rdata import plain


def _same_names(held: Any, read: Any) -> bool:
    return isinstance(held, list) and isinstance(read, list) and _plain(held) == _plain(read)


def _plain(values: list[Any]) -> list[str]:
    return sorted(plain(str(value)) for value in values)


def _same_name(held: Any, read: Any) -> bool:
    return plain(str(held)) == plain(str(read))


_DOT = "Route 53 keeps a name as it was written, with its last dot or without, and serves both alike"
NOISE: Mapping[str, Sequence[Noise]] = {
    RECORD_TYPE: (
        Noise("records", _DOT, _same_names),
        Noise("name", _DOT, _same_name),
        Noise("outputs.fqdn", _DOT, _same_name),
        Noise("allowOverwrite", "says only what a create does to a record set that is there already"),
    )
}
