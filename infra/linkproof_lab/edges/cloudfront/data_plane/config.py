"""A distribution as an edge serves it, checked once when it is read."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import Any

from linkproof_lab.web.contexts import version_named


@dataclass(frozen=True, slots=True)
class Selection:
    """Which headers, query parameters or cookies a policy takes.

    Args:
        everything: all but `names`; otherwise only `names`.
        names: lower case for headers, as written for the others.
    """

    everything: bool
    names: frozenset[str] = frozenset()

    def has(self, name: str) -> bool:
        return (name in self.names) != self.everything

    @property
    def nothing(self) -> bool:
        return not self.everything and not self.names

    def __or__(self, other: Selection) -> Selection:
        """What either of them takes."""
        if self.everything and other.everything:
            return Selection(everything=True, names=self.names & other.names)
        if self.everything or other.everything:
            wide, narrow = (self, other) if self.everything else (other, self)
            return Selection(everything=True, names=wide.names - narrow.names)
        return Selection(everything=False, names=self.names | other.names)

    @classmethod
    def of(cls, value: str | list[str] | dict[str, list[str]] | None, *, lower: bool = False) -> Selection:
        """From the served form: `none`, `all`, `allViewer`, names, or `{"all_except": names}`.

        Raises:
            ValueError: another word.
        """
        if value is None or value == "none":
            return cls(everything=False)
        if isinstance(value, str):
            if value not in {"all", "allViewer"}:
                raise ValueError(f"unknown selection {value!r}")
            return cls(everything=True)
        everything = isinstance(value, dict)
        listed = value["all_except"] if isinstance(value, dict) else value
        names = frozenset(name.lower() if lower else name for name in listed)
        # The older way to say "all headers": one name, an asterisk.
        return cls(everything=True) if "*" in names and not everything else cls(everything, names)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a policy takes from a request."""

    headers: Selection
    query_strings: Selection
    cookies: Selection

    @classmethod
    def of(cls, doc: dict[str, Any] | None) -> Taken:
        doc = doc or {}
        return cls(
            Selection.of(doc.get("headers"), lower=True),
            Selection.of(doc.get("query_strings")),
            Selection.of(doc.get("cookies")),
        )

    def __or__(self, other: Taken) -> Taken:
        return Taken(
            self.headers | other.headers, self.query_strings | other.query_strings, self.cookies | other.cookies
        )


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a distribution forwards to.

    Args:
        protocol_policy: `http-only`, `https-only` or `match-viewer`.
        minimum: the oldest TLS version that is offered to the origin.
        maximum: the newest one.
        custom_headers: sent in place of the viewer's.
    """

    domain: str
    http_port: int
    https_port: int
    protocol_policy: str
    minimum: ssl.TLSVersion
    maximum: ssl.TLSVersion
    custom_headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Distribution:
    """An enabled distribution as it is deployed now.

    Args:
        account: whose it is; empty where a lab of an earlier version deployed it.
        counts_for: the id of the distribution whose metrics its requests are in.
        key: what its cache policy puts into the cache key, and so forwards.
        forwarded: all that reaches the origin: the cache key's part and the origin request policy's.
        min_ttl_seconds, default_ttl_seconds, max_ttl_seconds: of the cache policy.
        error_caching: statuses with the seconds that they are kept at least; others have the vendor's own.
    """

    id: str
    account: str
    counts_for: str
    domain: str
    aliases: tuple[str, ...]
    certificate_arn: str | None
    minimum: ssl.TLSVersion
    origin: Origin
    viewer_protocol_policy: str
    allowed_methods: frozenset[str]
    key: Taken
    forwarded: Taken
    min_ttl_seconds: float
    default_ttl_seconds: float
    max_ttl_seconds: float
    error_caching: tuple[tuple[int, float], ...]

    @classmethod
    def from_served(cls, doc: dict[str, Any]) -> Distribution:
        """Read what the API says is served.

        Raises:
            KeyError, ValueError: it is not of the agreed form.
        """
        cache = doc["cache_policy"]
        key = Taken.of(cache)
        origin = doc["origin"]
        versions = sorted(version_named(name) for name in origin["ssl_protocols"] or ("TLSv1.2",))
        return cls(
            id=doc["id"],
            account=doc.get("account", ""),
            counts_for=doc.get("counts_for", doc["id"]),
            domain=doc["domain"].lower(),
            aliases=tuple(alias.lower() for alias in doc["aliases"]),
            certificate_arn=doc["certificate_arn"],
            minimum=version_named(doc["minimum_protocol_version"] or "TLSv1"),
            origin=Origin(
                domain=origin["domain"].lower(),
                http_port=int(origin["http_port"]),
                https_port=int(origin["https_port"]),
                protocol_policy=origin["protocol_policy"],
                minimum=versions[0],
                maximum=versions[-1],
                custom_headers=tuple(origin.get("custom_headers", {}).items()),
            ),
            viewer_protocol_policy=doc["viewer_protocol_policy"],
            allowed_methods=frozenset(doc["allowed_methods"]),
            key=key,
            forwarded=key | Taken.of(doc.get("origin_request_policy")),
            min_ttl_seconds=float(cache["min_ttl"]),
            default_ttl_seconds=float(cache["default_ttl"]),
            max_ttl_seconds=float(cache["max_ttl"]),
            error_caching=tuple((int(status), float(seconds)) for status, seconds in doc.get("error_caching", ())),
        )
