"""The caching resolver: iterates from the root, follows CNAMEs across zones, remembers by TTL."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from linkproof_lab.nameservers.ask import Ask, Server
from linkproof_lab.nameservers.cache import Cache, Delegation, Negative, copied
from linkproof_lab.nameservers.misbehave import answer
from linkproof_lab.nameservers.upstream import Answered, Denied, Referred, Verdict, exchange, judge
from linkproof_lab.nameservers.wire import Reply, asked, empty_response
from linkproof_lab.nameservers.zones import Zones

_CNAMES_FOLLOWED = 12
_REFERRALS_FOLLOWED = 20
_NESTED_LOOKUPS = 6
_DEADLINE_SECONDS = 8.0


@dataclass(slots=True)
class Result:
    rcode: dns.rcode.Rcode = dns.rcode.NOERROR
    answer: list[dns.rrset.RRset] = field(default_factory=list)
    authority: list[dns.rrset.RRset] = field(default_factory=list)


class ResolutionFailedError(Exception):
    """No server that should know has given a usable answer."""


class Resolver:
    """Args:
    zones: read only for the faults that are ordered for the resolver itself.
    root_servers: addresses; the resolver knows nothing else beforehand.
    timeout_seconds: for each question to one server.
    """

    def __init__(
        self,
        zones: Zones,
        address: str,
        root_servers: tuple[str, ...],
        port: int,
        clock: Callable[[], float],
        timeout_seconds: float = 0.7,
    ) -> None:
        self.cache = Cache(clock)
        self._zones = zones
        self._server = Server(address, address)
        self._root_servers = root_servers
        self._port = port
        self._timeout_seconds = timeout_seconds

    async def reply(self, query: dns.message.Message, transport: str) -> Reply:
        """Answer a client. Faults that are about a zone's content do nothing here."""
        self._zones.refresh()
        name, rtype = asked(query)
        faults = [fault for fault in self._zones.faults if fault.server == self._server.address]
        response = empty_response(query)
        response.flags |= dns.flags.RA
        ask = Ask(query, transport, self._server, name, rtype)
        early = answer(ask, faults, lambda _: response)
        if early is not response:
            return early
        if not query.flags & dns.flags.RD:
            response.set_rcode(dns.rcode.REFUSED)  # there is nothing here but what recursion brings
            return response
        question = query.question[0]
        if dns.rdatatype.is_metatype(question.rdtype):
            response.set_rcode(dns.rcode.NOTIMP)
            return response
        try:
            async with asyncio.timeout(_DEADLINE_SECONDS):
                result = await self.resolve(question.name, question.rdtype)
        except (ResolutionFailedError, TimeoutError):
            response.set_rcode(dns.rcode.SERVFAIL)
            return response
        response.set_rcode(result.rcode)
        response.answer += result.answer
        response.authority += result.authority
        return response

    async def resolve(self, name: dns.name.Name, rtype: int, depth: int = 0) -> Result:
        """Raises:
        ResolutionFailedError: no usable answer, or a chain of CNAMEs without an end.
        """
        result = Result()
        for _ in range(_CNAMES_FOLLOWED + 1):
            negative = self.cache.get_negative(name, rtype)
            if negative:
                return replace(result, rcode=negative.rcode, authority=[negative.soa])
            rrset = self.cache.get(name, rtype) or self.cache.get(name, dns.rdatatype.CNAME)
            if rrset is None:
                verdict = await self._ask_authorities(name, rtype, depth)
                if isinstance(verdict, Denied):
                    return self._denied(result, name, rtype, verdict)
                rrset = verdict.rrset
                self.cache.put(rrset)
            # spelled as asked: a cache must not echo how another client spelled the name
            result.answer.append(copied(rrset, name, rrset.ttl))
            if rrset.rdtype == rtype or rrset.rdtype != dns.rdatatype.CNAME:
                return result
            name = rrset[0].target
        raise ResolutionFailedError

    def _denied(self, result: Result, name: dns.name.Name, rtype: int, verdict: Denied) -> Result:
        if verdict.soa is None:
            return replace(result, rcode=verdict.rcode)
        self.cache.put_negative(name, rtype, Negative(verdict.rcode, verdict.soa))
        kept = self.cache.get_negative(name, rtype)
        return replace(result, rcode=verdict.rcode, authority=[kept.soa if kept else verdict.soa])

    async def _ask_authorities(self, name: dns.name.Name, rtype: int, depth: int) -> Answered | Denied:
        if depth > _NESTED_LOOKUPS:
            raise ResolutionFailedError
        root = Delegation(dns.name.root, (), {})
        parent_side = rtype == dns.rdatatype.DS and name != dns.name.root
        delegation = self.cache.deepest_delegation(name.parent() if parent_side else name) or root
        for _ in range(_REFERRALS_FOLLOWED):
            verdict = await self._ask_zone(delegation, name, rtype, depth)
            if isinstance(verdict, Answered | Denied):
                return verdict
            if verdict is None:
                raise ResolutionFailedError
            delegation = verdict.delegation
            self.cache.put_delegation(delegation, verdict.ttl)
        raise ResolutionFailedError

    async def _ask_zone(self, delegation: Delegation, name: dns.name.Name, rtype: int, depth: int) -> Verdict:
        servers = await self._addresses(delegation, depth)
        random.shuffle(servers)
        # all servers with EDNS first: one that drops it must not cost the time of those that do not
        for edns in (True, False):
            for server in servers:
                message = await exchange(name, rtype, server, self._port, self._timeout_seconds, edns=edns)
                verdict = judge(message, name, rtype, delegation.zone) if message else None
                if isinstance(verdict, Answered | Denied | Referred):
                    return verdict
        return None

    async def _addresses(self, delegation: Delegation, depth: int) -> list[str]:
        if not delegation.servers:
            return list(self._root_servers)
        found: list[str] = []
        for server in delegation.servers:
            if server in delegation.glue:
                found += delegation.glue[server]
                continue
            if server.is_subdomain(delegation.zone):
                continue  # only glue could have told, and there is none
            try:
                result = await self.resolve(server, dns.rdatatype.A, depth + 1)
            except ResolutionFailedError:
                continue
            found += [record.address for rrset in result.answer if rrset.rdtype == dns.rdatatype.A for record in rrset]
        return list(dict.fromkeys(found))
