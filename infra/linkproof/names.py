"""Host names as they go on the wire."""

from __future__ import annotations

import re
from dataclasses import dataclass

from linkproof.errors import LinkproofError

LONGEST_NAME = 253

_LDH = re.compile(r"^(?!-)[a-z0-9-]{1,63}(?<!-)$")


class InvalidHostNameError(LinkproofError):
    """The text is not a host name (RFC 1035 §2.3.4, RFC 1123 §2.1, RFC 5891)."""

    def __init__(self, text: str, reason: str, fix: str) -> None:
        super().__init__(f"{text!r} is not a host name: {reason}", fix)
        self.text = text
        self.reason = reason


@dataclass(frozen=True, slots=True, order=True)
class HostName:
    """A host name as it goes on the wire: A-labels, lower case, no trailing dot.

    Build it with `HostName.parse`, which takes what a person writes.

    Raises:
        InvalidHostNameError: a label is empty, not letters-digits-hyphen or over 63 octets, or the name is
            over 253 (RFC 1035 §2.3.4).
    """

    text: str

    def __post_init__(self) -> None:
        if len(self.text) > LONGEST_NAME:
            raise InvalidHostNameError(self.text, f"{len(self.text)} octets, at most {LONGEST_NAME}", "shorten it")
        for label in self.text.split("."):
            if not label:
                raise InvalidHostNameError(self.text, "a label is empty", "write one dot between labels")
            if len(label) > 63:
                raise InvalidHostNameError(
                    self.text, f"label {label[:12]!r}… has {len(label)} octets, at most 63", "shorten the label"
                )
            if not _LDH.match(label):
                raise InvalidHostNameError(
                    self.text,
                    f"label {label!r} has a character beyond a-z, 0-9 and hyphen",
                    "use letters, digits and inner hyphens",
                )

    @classmethod
    def parse(cls, text: str) -> HostName:
        """Read what a person wrote: any case, U-labels, an optional trailing dot.

        Raises:
            InvalidHostNameError: see the class.
        """
        name = text.removesuffix(".")
        if name.isascii():
            return cls(name.lower())
        import idna

        try:
            return cls(idna.encode(name, uts46=True).decode("ascii").lower())
        except (idna.IDNAError, UnicodeError) as error:
            raise InvalidHostNameError(text, str(error), "write a name that IDNA 2008 allows") from error

    @property
    def fqdn(self) -> str:
        """With the trailing dot."""
        return f"{self.text}."

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(self.text.split("."))

    def is_at_or_below(self, zone: HostName) -> bool:
        """Whether this name is the zone's apex or inside it, compared by whole labels."""
        return self.text == zone.text or self.text.endswith(f".{zone.text}")

    def unicode(self) -> str:
        """For people: U-labels where there are any."""
        if "xn--" not in self.text:
            return self.text
        import idna

        try:
            return idna.decode(self.text)
        except (idna.IDNAError, UnicodeError):
            return self.text

    def __str__(self) -> str:
        return self.text


def with_dot(name: str) -> str:
    """As DNS writes a whole name."""
    return name if name.endswith(".") else f"{name}."


def nonce_name(host: str) -> str | None:
    """Where the nonce of a host stands as TXT, without trailing dot; None where the host leaves no room for the label."""
    name = f"_linkproof.{host}"
    return name if len(name) <= LONGEST_NAME else None
