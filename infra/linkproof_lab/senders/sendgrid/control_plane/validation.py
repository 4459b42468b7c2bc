"""Whether the records are in DNS: asked of the lab's resolver, which remembers answers as long as their TTLs say."""

from __future__ import annotations

from typing import Any

import dns.asyncquery
import dns.exception
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype

from linkproof_lab.senders.sendgrid.control_plane.contract import SendGridError
from linkproof_lab.settings import LabSettings

_TIMEOUT_SECONDS = 10.0


async def results(settings: LabSettings, records: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """`valid` and `reason` of each record, by its member name.

    Raises:
        SendGridError: the resolver cannot say.
    """
    return {name: await _result(settings, record) for name, record in records.items()}


async def _result(settings: LabSettings, record: dict[str, Any]) -> dict[str, Any]:
    kind = record["type"].upper()
    found = await _values(settings, record["host"], kind)
    wanted = record["data"] if kind == "TXT" else f"{record['data'].lower().rstrip('.')}."
    if wanted in found:
        return {"valid": True, "reason": None}
    shown = "".join(f'"{value}"' for value in found[:1])
    said = f"but found {shown}" if shown else "but found none"
    return {"valid": False, "reason": f'Expected {kind} for "{record["host"]}" to match "{wanted}" {said}.'}


async def _values(settings: LabSettings, name: str, kind: str) -> list[str]:
    """At the name itself; a CNAME that leads on is followed for other types alone."""
    try:
        query = dns.message.make_query(name, kind)
        reply = await dns.asyncquery.udp(query, settings.resolver, _TIMEOUT_SECONDS, settings.dns_port)
    except (OSError, dns.exception.DNSException) as error:
        raise _internal(kind) from error
    if reply.rcode() not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        raise _internal(kind)
    rtype, own = dns.rdatatype.from_text(kind), dns.name.from_text(name)
    values = [rdata for rrset in reply.answer if rrset.rdtype == rtype for rdata in rrset if _is_own(kind, rrset, own)]
    if kind == "TXT":
        return [b"".join(rdata.strings).decode("ascii", "replace") for rdata in values]
    return [str(rdata.exchange if kind == "MX" else rdata.target).lower() for rdata in values]


def _is_own(kind: str, rrset: Any, own: dns.name.Name) -> bool:
    return kind != "CNAME" or bool(rrset.name == own)


def _internal(kind: str) -> SendGridError:
    return SendGridError(500, (None, f"internal error getting {kind}"))
