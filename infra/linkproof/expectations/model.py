"""The typed form of `expectations.json`, version 1: everything that must be true outside."""

from __future__ import annotations

import difflib
import ipaddress
import json
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from linkproof import registry
from linkproof.canaries import MOST_CANARIES, fault_of_destination, fault_of_url
from linkproof.errors import InvalidDocumentError
from linkproof.names import HostName, InvalidHostNameError
from linkproof.renewal import Renewal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VERSION = 1
# One record is about 300 octets; 64 MiB holds far more than any stack, and a file beyond it is a mistake.
MAX_OCTETS = 64 * 1024 * 1024

# Pending: the declaration itself, once it is another than the deployed one. Said by whoever verifies; no file has it.
OUTDATED_ID = "declaration"


class InvalidExpectationsError(InvalidDocumentError):
    """The file is not an `expectations.json` that this version reads."""


def _dns_name(text: str) -> str:
    """Lower case with the trailing dot. Underscore labels are usual here (`_acme`, `_domainkey`), so no HostName."""
    name = text.lower().removesuffix(".")
    if name and (not name.isascii() or any(character <= " " or character == "\x7f" for character in name)):
        raise ValueError("a DNS name is written in A-labels, without spaces or control characters")
    if len(name) > 253 or any(not 0 < len(label) <= 63 for label in name.split(".") if name):
        raise ValueError("a DNS name has labels of 1 to 63 octets and 253 in all (RFC 1035 §2.3.4)")
    return f"{name}."


def _host(text: str) -> str:
    try:
        return HostName.parse(text).text
    except InvalidHostNameError as error:
        raise ValueError(error.reason) from error


def _host_or_address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return _host(text)


DnsName = Annotated[str, AfterValidator(_dns_name)]
Host = Annotated[str, AfterValidator(_host)]
HostOrAddress = Annotated[str, AfterValidator(_host_or_address)]
Seconds = Annotated[int, Field(ge=0, le=2**31 - 1)]
Family = Literal[4, 6]
Served = Literal["as-declared", "proxied", "alias", "flattened"]
Wanted = Literal["required", "optional", "off"]
Phase = Literal["branded", "ready", "live", "secured"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ZoneExpectation(_Part):
    """A zone as the declaration states it; the real cut is found by walking. `by_hand`: people write its records, no deployment."""

    id: str
    path: str = ""
    name: DnsName
    propagation_seconds: Seconds = 60
    transfer_group: str | None = None
    by_hand: bool = False
    dnssec: Literal["any", "signed", "unsigned"] = "any"


class RecordExpectation(_Part):
    """What every authoritative server of a name must answer."""

    id: str
    path: str = ""
    name: DnsName
    type: Literal["A", "AAAA", "CAA", "CNAME", "MX", "NS", "TXT"]
    # present: whatever it says, where only its owner knows that
    match: Literal["exact", "contains", "any_of", "absent", "present"] = "exact"
    values: tuple[str, ...]
    ttl_seconds: Seconds | None = None
    ttl: Literal["exact", "at_most", "ignore"] = "exact"
    served: Served = "as-declared"
    resolve: Literal["address", "txt", "none"] = "address"
    families: tuple[Family, ...] = (4,)
    changed_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _values_are_there(self) -> Self:
        if not self.values and self.match not in {"absent", "present"} and self.served == "as-declared":
            raise ValueError(
                "`values` is empty; only `match: absent` and `present`, and records that are not served as declared, may do without"
            )
        return self


class CaaExpectation(_Part):
    """The CAs that must be allowed to issue for a host (RFC 8659); any one of them suffices.

    `methods` are the ways in which the edge lets them validate it, by the labels of RFC 8657 §4; empty where they are not known.
    """

    id: str
    path: str = ""
    host: Host
    cas: tuple[str, ...]
    methods: tuple[str, ...] = ()


class TlsExpectation(_Part):
    """How an endpoint's certificate is judged."""

    trust: Literal["public", "any"] = "public"
    # a certificate lives 398 days at most; a century is no wish any more
    min_days: Annotated[int, Field(ge=0, le=36_500)] = 21
    # where this part of its lifetime is less than min_days, it counts in their place; 3 is a third
    lifetime_share: Annotated[int, Field(ge=1, le=1000)] | None = None
    # of Japan, that whoever serves the certificate needs to take a new one over
    business_days: Annotated[int, Field(ge=0, le=30)] = 0

    @property
    def renewal(self) -> Renewal:
        return Renewal(self.min_days, self.lifetime_share, self.business_days)


class UniversalLinksExpectation(_Part):
    """The files for apps that a host must serve; a list of apps may be empty, for whatever app, and `null` asks for no file.

    `path` is where the app's links begin, if not where the sender puts them.
    """

    apple: tuple[str, ...] | None = None
    android: tuple[str, ...] | None = None
    path: Annotated[str, Field(pattern=r"^/[A-Za-z0-9._~/-]{0,200}$")] | None = None


class CanaryExpectation(_Part):
    """A real link of the host, and the Location of its redirect. It identifies its recipient: no report holds it."""

    url: str = Field(repr=False)
    leads_to: str


class EndpointExpectation(_Part):
    """A host that must answer by TLS and HTTP. Each of `canaries` is asked for once it could be right, and counts as a click.
    `in_use` false: no mail has its links yet, so how the sender writes them is not judged. `standby`: no click is led here; `connect`
    says where it is kept ready beside the host's own endpoint.
    """

    id: str
    path: str = ""
    host: Host
    connect: HostOrAddress | None = None
    edge: str | None = None
    sender: str | None = None
    phase: Phase = "live"
    http: Wanted = "required"
    # awaited: whoever answers has not taken the host over yet, and will
    https: Wanted | Literal["awaited"] = "required"
    families: tuple[Family, ...] = (4,)
    tls: TlsExpectation = TlsExpectation()
    standby: bool = False
    in_use: bool = True
    nonce: str | None = None
    hsts_parents: tuple[str, ...] = ()
    universal_links: UniversalLinksExpectation | None = None
    canaries: Annotated[tuple[CanaryExpectation, ...], Field(max_length=MOST_CANARIES)] = ()

    @property
    def links_are_http(self) -> bool:
        """Before `live` the sender writes http:// and the host stands at the sender, whose certificate does not fit."""
        return self.phase in {"branded", "ready"} and self.connect is None and self.http != "off"

    @model_validator(mode="after")
    def _a_standby_has_a_place(self) -> Self:
        if self.standby and self.connect is None:
            raise ValueError("a standby is asked at `connect`: by the host's own name the edge in use would answer")
        return self

    @model_validator(mode="after")
    def _canaries_are_links_of_the_host(self) -> Self:
        for number, canary in enumerate(self.canaries, start=1):
            fault = fault_of_url(canary.url, self.host)
            if fault or (fault := fault_of_destination(canary.leads_to)):
                raise ValueError(f"canary {number}: a URL {fault}")
        return self


class PendingExpectation(_Part):
    """Something that is not known yet, so nothing can be proven about it.

    `by_design`: nothing outside can be asked about it in this phase, whatever is done. It is said and counted apart, and makes the
    verdict *not proven* only with `--strict`.
    """

    id: str
    reason: str
    by_design: bool = False


class PreviousRecord(_Part):
    """What a record once was, so that an old answer can be told from a wrong one; a record may have several of these.

    `changed_at` is until when it was served so. With `unknown` nobody knows what was served till then: any other answer may be held until
    its end.
    """

    record: str
    values: tuple[str, ...] = ()
    absent: bool = False
    unknown: bool = False
    served: Served = "as-declared"
    ttl_seconds: Seconds = 300
    negative_ttl_seconds: Seconds = 900
    changed_at: AwareDatetime | None = None


class Expectations(_Part):
    """The verifier's only input. Ids are unique; names are lower case with a trailing dot. `declaration` is the fingerprint of the one that
    was deployed.
    """

    version: Literal[1]
    stack: str = ""
    declaration: str = ""
    written_at: AwareDatetime | None = None
    zones: tuple[ZoneExpectation, ...] = ()
    records: tuple[RecordExpectation, ...] = ()
    caa: tuple[CaaExpectation, ...] = ()
    endpoints: tuple[EndpointExpectation, ...] = ()
    pending: tuple[PendingExpectation, ...] = ()
    previous: tuple[PreviousRecord, ...] = ()

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        seen: set[str] = set()
        ids = [part.id for parts in (self.zones, self.records, self.caa, self.endpoints) for part in parts]
        for one in ids:
            if one in seen:
                raise ValueError(f"the id {one!r} is used twice")
            seen.add(one)
        return self


def load(path: Path, stack: str = "") -> Expectations:
    """Read `expectations.json`.

    Args:
        stack: whose file it is; its name makes the command that writes it whole.

    Raises:
        InvalidExpectationsError: the file cannot be read, is not JSON, has another version, an unknown key or a value
            of the wrong kind.
    """
    writer = f"`linkproof expectations {stack}`" if stack else "`linkproof expectations` with its stack's name"
    try:
        with path.open("rb") as file:
            content = file.read(MAX_OCTETS + 1)
    except OSError as error:
        raise InvalidExpectationsError(str(path), error.strerror or str(error), f"run {writer} to write it") from error
    if len(content) > MAX_OCTETS:
        raise InvalidExpectationsError(str(path), f"over {MAX_OCTETS >> 20} MiB", "give an expectations.json")
    try:
        tree = json.loads(content, object_pairs_hook=without_duplicates)
    except json.JSONDecodeError as error:
        place = f"{path}:{error.lineno}:{error.colno}"
        raise InvalidExpectationsError(place, f"not JSON: {error.msg}", f"write it again with {writer}") from error
    except (UnicodeDecodeError, RecursionError, ValueError) as error:
        raise InvalidExpectationsError(str(path), f"not JSON: {error}", f"write it again with {writer}") from error
    return parse(tree, place=str(path))


def require_known_edges(expectations: Expectations, place: str) -> None:
    """Of an edge that nobody knows no answer could be told from another's.

    Args:
        place: the file, for the message.

    Raises:
        InvalidExpectationsError: an endpoint names one.
    """
    for number, endpoint in enumerate(expectations.endpoints):
        if endpoint.edge is not None and endpoint.edge not in registry.EDGES:
            reason = f"no edge {endpoint.edge!r} is known here; there are {', '.join(registry.EDGES)}"
            close = difflib.get_close_matches(endpoint.edge, registry.EDGES, n=1)
            fix = f"did you mean {close[0]!r}?" if close else "verify it with the linkproof that wrote it"
            raise InvalidExpectationsError(f"{place}: endpoints[{number}].edge", reason, fix)


def parse(tree: object, *, place: str = "expectations") -> Expectations:
    """Check a tree of plain values; `place` is named in errors.

    Raises:
        InvalidExpectationsError: see `load`.
    """
    if isinstance(tree, dict) and tree.get("version") != VERSION:
        reason = f"version is {json.dumps(tree.get('version'))}, this program reads {VERSION}"
        raise InvalidExpectationsError(
            f"{place}: version", reason, "write the file and verify it with the same linkproof"
        )
    try:
        return _with_shared_fields_sets(Expectations.model_validate(tree))
    except ValidationError as error:
        problems = list(_problems(error))
        where, reason, fix = problems[0]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise InvalidExpectationsError(f"{place}: {where}" if where else place, f"{reason}{more}", fix) from error


def _with_shared_fields_sets(expectations: Expectations) -> Expectations:
    """The same: which fields were given is alike for thousands, and a set of their names weighs more than all else of a record."""
    shared: dict[frozenset[str], set[str]] = {}
    for part in (expectations.zones, expectations.records, expectations.caa, expectations.endpoints):
        for item in part:
            given = item.model_fields_set
            # of a frozen model it may be set this way alone; nothing adds to it, and a copy gets a set of its own
            object.__setattr__(item, "__pydantic_fields_set__", shared.setdefault(frozenset(given), given))
    return expectations


def json_schema() -> dict[str, Any]:
    """The published JSON Schema, as `schemas/expectations.schema.json` holds it."""
    schema = Expectations.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "linkproof expectations, version 1",
    }


def without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of a JSON object: for `object_pairs_hook`.

    Raises:
        ValueError: a key stands twice.
    """
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return result


def _problems(error: ValidationError) -> Iterator[tuple[str, str, str]]:
    for item in error.errors(include_url=False, include_input=False):
        where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in item["loc"]).lstrip(".")
        if item["type"] == "extra_forbidden":
            close = difflib.get_close_matches(str(item["loc"][-1]), _all_keys(), n=1)
            yield where, "unknown key", f"did you mean {close[0]!r}?" if close else "remove it"
        elif item["type"] == "missing":
            yield where, "required and not there", "add it"
        else:
            yield where, item["msg"].removeprefix("Value error, "), "see schemas/expectations.schema.json"


def _all_keys() -> list[str]:
    parts = (
        Expectations,
        ZoneExpectation,
        RecordExpectation,
        CaaExpectation,
        EndpointExpectation,
        UniversalLinksExpectation,
        CanaryExpectation,
        TlsExpectation,
        PendingExpectation,
        PreviousRecord,
    )
    return sorted({name for part in parts for name in part.model_fields})
