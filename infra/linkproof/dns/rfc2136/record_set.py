"""What a name has of one type, as the wire has it and as people write it."""

from __future__ import annotations

from dataclasses import dataclass

import dns.exception
import dns.rdataset

from linkproof.dns.rfc2136.exchange import PrimaryError
from linkproof.rdata import presented

_NAMES = frozenset({"CNAME", "NS", "MX", "PTR"})


@dataclass(frozen=True, slots=True)
class RecordSet:
    """What a name has of one type.

    Args:
        values: in presentation form, names with their trailing dot.
    """

    type: str
    ttl_seconds: int
    values: tuple[str, ...]

    def says_the_same(self, other: RecordSet | None) -> bool:
        return other is not None and self.ttl_seconds == other.ttl_seconds and self.has_same_data(other)

    def has_same_data(self, other: RecordSet) -> bool:
        """Names compare without case, as DNS compares them."""
        return self.type == other.type and set(self.rdataset()) == set(other.rdataset())

    def rdataset(self) -> dns.rdataset.Rdataset:
        """Raises:
        PrimaryError: a value is none of its type.
        """
        texts = [_written(self.type, value) for value in self.values]
        try:
            return dns.rdataset.from_text_list("IN", self.type, self.ttl_seconds, texts)
        except (dns.exception.DNSException, ValueError) as error:
            raise PrimaryError(
                f"{', '.join(self.values)} is no {self.type}: {error}", "correct the value where it is declared"
            ) from None

    def shown(self) -> str:
        return f"{self.type} {', '.join(sorted(value.removesuffix('.') for value in self.values))}"


def _written(record_type: str, value: str) -> str:
    """A value in presentation form, whichever form it came in."""
    return presented(record_type, value) if record_type in _NAMES | {"TXT"} else value
