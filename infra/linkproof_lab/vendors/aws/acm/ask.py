"""Questions to the lab's authoritative servers, over UDP, without blocking."""

from __future__ import annotations

import itertools

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from linkproof_lab.apis.follow import ZoneFinder
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store

_TIMEOUT_SECONDS = 1.0
_MOST_CNAMES = 8


class NoAnswerError(Exception):
    """No server of the zone gave an authoritative answer."""


class Asker:
    """Asks the deepest zone's servers; the next question of the same zone starts at its next server."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._turn = itertools.count()

    async def ask(self, name: str, rtype: str) -> list[dns.rrset.RRset]:
        """The answer section; empty for a name or type that does not exist.

        Raises:
            NoAnswerError: the zone is not in the lab, or all its servers failed, or none is authoritative.
        """
        zone = ZoneFinder(self._store).zone_of(name)
        if zone is None or not zone.servers:
            raise NoAnswerError(f"no zone of the lab contains {name}")
        query = dns.message.make_query(name, rtype, flags=0)
        addresses = [address for _, address in zone.servers]
        first = next(self._turn) % len(addresses)
        for address in addresses[first:] + addresses[:first]:
            try:
                reply = await dns.asyncquery.udp(query, address, _TIMEOUT_SECONDS, self._settings.dns_port)
            except (OSError, EOFError, dns.exception.DNSException):
                continue
            if reply.rcode() in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN) and reply.flags & dns.flags.AA:
                return list(reply.answer)
        raise NoAnswerError(f"no server of {zone.name or 'the root'} answered {name} {rtype}")

    async def cname(self, name: str) -> str | None:
        """What the CNAME at a name says, lower case without trailing dot, or None."""
        for rrset in await self.ask(name, "CNAME"):
            if rrset.rdtype == dns.rdatatype.CNAME and rrset.name == dns.name.from_text(name):
                return str(rrset[0].target).lower().rstrip(".")
        return None

    async def may_issue(self, host: str, authority: str) -> bool:
        """Whether CAA lets an authority sign for a host: the first record set from the host upwards decides (RFC 8659 §3).

        Raises:
            NoAnswerError: it cannot be told.
        """
        labels = host.split(".")
        for start in range(len(labels)):
            records = await self.values(".".join(labels[start:]), "CAA")
            if records:
                issue = [text.split(None, 2)[2].strip('"') for text in records if text.split()[1].lower() == "issue"]
                return not issue or any(value.partition(";")[0].strip() == authority for value in issue)
        return True

    async def values(self, name: str, rtype: str) -> list[str]:
        """RDATA in presentation form of the set that a name has, CNAMEs followed from zone to zone."""
        kind = dns.rdatatype.from_text(rtype)
        for _ in range(_MOST_CNAMES):
            answer = await self.ask(name, rtype)
            found = [rdata.to_text() for rrset in answer if rrset.rdtype == kind for rdata in rrset]
            targets = [str(rrset[0].target) for rrset in answer if rrset.rdtype == dns.rdatatype.CNAME]
            if found or not targets:
                return found
            name = targets[-1].lower().rstrip(".")
        return []
