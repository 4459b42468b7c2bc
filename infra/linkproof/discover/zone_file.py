"""A zone file (RFC 1035 §5), as DNS servers and DNS hosts' exports write it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dns.rdatatype import CNAME

from linkproof import registry
from linkproof.contract.seen import BY_HAND, SeenRecord, SeenZone
from linkproof.discover.read import MOST_RECORDS, SourceFileError, read_text, wire, zone_name

if TYPE_CHECKING:
    from dns.name import Name
    from dns.rdataset import Rdataset
    from dns.transaction import Transaction

# $INCLUDE would open other files, and one $GENERATE line can make millions of records.
_DIRECTIVES: Final = ("$ORIGIN", "$TTL")
_REFUSED: Final = re.compile(r"^\s*\$(?!ORIGIN\b|TTL\b)\S*", re.MULTILINE | re.IGNORECASE)


def read_zone_file(file: Path, origin: str = "") -> SeenZone:
    """The zone with its CNAMEs.

    Args:
        origin: the zone's name; where it is not given the file's own first $ORIGIN, or its SOA's absolute name.

    Raises:
        SourceFileError: it cannot be read, is no zone file, or does not say which zone it is.
    """
    import dns.exception
    import dns.zone

    text = read_text(file)
    refused = _REFUSED.search(text)
    if refused is not None:
        line = text.count("\n", 0, refused.end()) + 1
        raise SourceFileError(
            f"{file}:{line}",
            f"{refused[0].strip()[:20]} is not read here",
            "let the DNS server write the zone out (named-compilezone does), then give that file",
        )
    named = origin or _own_origin(text)
    if not named:
        raise SourceFileError(str(file), "it does not say which zone it is", f"write NAME={file}, with the zone's name")
    name = zone_name(named, str(file))
    try:
        zone = dns.zone.from_text(
            text,
            origin=f"{name}.",
            relativize=False,
            filename=str(file),
            check_origin=False,
            transaction_setup=_refuses_a_second_cname,
            allow_directives=_DIRECTIVES,
        )
    except (dns.exception.DNSException, ValueError, UnicodeError, RecursionError) as error:
        said = str(error) or type(error).__name__
        place = said if said.startswith(f"{file}:") else f"{file}: {said}"
        where, _, problem = place.removeprefix(f"{file}:").partition(": ")
        raise SourceFileError(
            f"{file}:{where}" if where.isdigit() else str(file),
            f"no zone file: {''.join(c for c in (problem or where)[:200] if c.isprintable())}",
            f"correct it there or in the line above (`named-checkzone {name} {file}` says the same), or export the zone again",
        ) from error
    marks = _proxy_marks()
    served_by = BY_HAND
    records = []
    for owner, ttl, rdata in zone.iterate_rdatas(CNAME):
        proxied_by = next((host for mark, host in marks.items() if mark in (rdata.rdcomment or "")), "")
        served_by = proxied_by or served_by
        target = wire(str(getattr(rdata, "target", "")))
        records.append(SeenRecord(wire(owner.to_text()), target, ttl, is_proxied=bool(proxied_by)))
        if len(records) > MOST_RECORDS:
            raise SourceFileError(str(file), f"more than {MOST_RECORDS:,} CNAMEs", "give a part of the zone")
    return SeenZone(name, str(file), served_by, records=tuple(records))


def _refuses_a_second_cname(transaction: Transaction) -> None:
    """Of two CNAMEs at one name dnspython itself keeps the last, and says nothing."""

    def check(changing: Transaction, name: Name, rdataset: Rdataset) -> None:
        there = changing.get(name, rdataset.rdtype, rdataset.covers)
        if rdataset.rdtype == CNAME and there is not None and there != rdataset:
            raise ValueError(f"{name.to_text(omit_final_dot=True)} has two CNAMEs, and can have one")

    transaction.check_put_rdataset(check)


def _proxy_marks() -> dict[str, str]:
    """What DNS hosts' exports write behind a proxied record, and whose export it is."""
    found = {getattr(plugin.facts, "EXPORT_MARK_OF_PROXIED", ""): plugin.name for plugin in registry.dns_hosts()}
    return {mark: name for mark, name in found.items() if mark}


def _own_origin(text: str) -> str:
    found = re.search(r"^\$ORIGIN[ \t]+(\S+)", text, re.MULTILINE | re.IGNORECASE)
    if found is None:
        found = re.search(
            r"^([^\s;$@]+\.)[ \t]+(?:\d\w*[ \t]+)?(?:IN[ \t]+)?(?:\d\w*[ \t]+)?SOA\b",
            text,
            re.MULTILINE | re.IGNORECASE,
        )
    return found[1] if found is not None and found[1] != "." else ""
