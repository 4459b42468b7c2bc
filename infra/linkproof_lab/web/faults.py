"""Faults that can be ordered for a host at any edge: one small function per mode, found by its name."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from linkproof.errors import LinkproofError

from linkproof_lab import ca
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.web.cache import CacheRule
from linkproof_lab.web.contexts import Identity
from linkproof_lab.web.names import without_port
from linkproof_lab.web.viewer import Exchange
from linkproof_lab.web.watch import Generation, Watched

KIND = "edge-fault"
_log = logging.getLogger(__name__)
_MOST_SLOW_SECONDS = 30.0

Parameters = dict[str, Any]
# Changes what is shown in the handshake; gets what would be shown, None where there is nothing for the host.
IdentityFault = Callable[[LabSettings, str, Identity | None], Identity]
# Changes what is asked of the origin, and how it is cached.
ExchangeFault = Callable[[Exchange], Exchange]
# Takes its time, or names a status that the edge answers with by itself.
AnswerFault = Callable[[Parameters], Awaitable[int | None]]


class UnknownFaultError(LinkproofError):
    """A mode that no edge knows."""

    def __init__(self, mode: str) -> None:
        super().__init__(f"no edge fault is called {mode!r}", f"use one of {', '.join(sorted(MODES))}")
        self.mode = mode


# identity ----------------------------------------------------------------------------------------
def _expired_certificate(settings: LabSettings, host: str, regular: Identity | None) -> Identity:
    ended = datetime.now(UTC) - timedelta(days=1)
    begun = ended - timedelta(days=90)
    return Identity.from_issued(ca.issue(settings, [host], key="ec256", not_before=begun, not_after=ended))


def _not_yet_valid(settings: LabSettings, host: str, regular: Identity | None) -> Identity:
    begins = datetime.now(UTC) + timedelta(days=1)
    ends = begins + timedelta(days=90)
    return Identity.from_issued(ca.issue(settings, [host], key="ec256", not_before=begins, not_after=ends))


def _wrong_name(settings: LabSettings, host: str, regular: Identity | None) -> Identity:
    return Identity.from_issued(ca.issue(settings, ["somebody-else.example"], key="ec256"))


def _untrusted(settings: LabSettings, host: str, regular: Identity | None) -> Identity:
    return Identity.from_issued(ca.self_signed([host]))


def _incomplete_chain(settings: LabSettings, host: str, regular: Identity | None) -> Identity:
    whole = regular or Identity.from_issued(ca.issue(settings, [host], key="ec256"))
    return replace(whole, chain_pem="")


def _tls_1_0_only(settings: LabSettings, host: str, regular: Identity | None) -> Identity:
    whole = regular or Identity.from_issued(ca.issue(settings, [host], key="ec256"))
    return replace(whole, minimum=ssl.TLSVersion.TLSv1, maximum=ssl.TLSVersion.TLSv1)


# exchange ----------------------------------------------------------------------------------------
def _drop_host(exchange: Exchange) -> Exchange:
    origin = exchange.request.origin
    tls = exchange.request.tls and replace(exchange.request.tls, server_name=origin)
    return replace(exchange, request=replace(exchange.request, host=origin, tls=tls))


def _drop_query(exchange: Exchange) -> Exchange:
    return replace(exchange, request=replace(exchange.request, query=None))


def _drop_path(exchange: Exchange) -> Exchange:
    return replace(exchange, request=replace(exchange.request, path="/"))


def _cache_all(exchange: Exchange) -> Exchange:
    """The worst fault of a click tracker: one recipient's redirect is served to all, for the query is not in the key."""
    request = exchange.request
    key = ("cache-all", request.method, request.host, request.path)
    return replace(exchange, cache=CacheRule(key, lambda _: 3600.0))


# answer ------------------------------------------------------------------------------------------
async def _status_502(parameters: Parameters) -> int | None:
    return 502


async def _slow(parameters: Parameters) -> int | None:
    """Parameter `seconds`: how long, at most 30."""
    await asyncio.sleep(min(float(parameters.get("seconds", 5.0)), _MOST_SLOW_SECONDS))
    return None


IDENTITY: dict[str, IdentityFault] = {
    "expired-certificate": _expired_certificate,
    "not-yet-valid": _not_yet_valid,
    "wrong-name": _wrong_name,
    "untrusted": _untrusted,
    "incomplete-chain": _incomplete_chain,
    "tls-1-0-only": _tls_1_0_only,
}
EXCHANGE: dict[str, ExchangeFault] = {
    "drop-host": _drop_host,
    "drop-query": _drop_query,
    "drop-path": _drop_path,
    "cache-all": _cache_all,
}
ANSWER: dict[str, AnswerFault] = {"status-502": _status_502, "slow": _slow}
# The scheme whose connections are accepted and closed. Over TLS that is by SNI, over plain HTTP by Host.
CLOSE = {"close-443": "https", "close-80": "http"}
MODES = frozenset({*IDENTITY, *EXCHANGE, *ANSWER, *CLOSE})


@dataclass(frozen=True, slots=True)
class OrderedFault:
    """One document of kind `edge-fault`."""

    mode: str
    parameters: Parameters


class EdgeFaults:
    """The faults ordered now, by host."""

    def __init__(self, settings: LabSettings, store: Store, generation: Generation) -> None:
        self._settings = settings
        self._ordered = Watched(generation, lambda: _read(store))
        self._identities: dict[tuple[str, str, Identity | None], Identity] = {}

    def closes(self, scheme: str, host: str) -> bool:
        return any(CLOSE.get(fault.mode) == scheme for fault in self._of(host))

    def identity(self, host: str, regular: Identity | None) -> Identity | None:
        """What is shown for this SNI, given what would be shown without faults."""
        for fault in self._of(host):
            make = IDENTITY.get(fault.mode)
            if make:
                key = (fault.mode, host, regular)
                if key not in self._identities:
                    self._identities[key] = make(self._settings, host, regular)
                regular = self._identities[key]
        return regular

    def exchange(self, host: str, exchange: Exchange) -> Exchange:
        for fault in self._of(host):
            change = EXCHANGE.get(fault.mode)
            exchange = change(exchange) if change else exchange
        return exchange

    async def status(self, host: str) -> int | None:
        """Wait as ordered; a status if the edge is to answer with it by itself."""
        found = None
        for fault in self._of(host):
            act = ANSWER.get(fault.mode)
            found = (await act(fault.parameters) if act else None) or found
        return found

    def _of(self, host: str) -> list[OrderedFault]:
        return self._ordered.get().get(host, [])


def order(store: Store, host: str, mode: str, **parameters: Any) -> str:
    """Make a host misbehave until `cancel`; several modes may hold at once.

    Returns:
        The key to cancel it by.

    Raises:
        UnknownFaultError: no edge has this mode.
    """
    if mode not in MODES:
        raise UnknownFaultError(mode)
    key = f"{without_port(host)}/{mode}"
    store.put(KIND, key, {**parameters, "host": host, "mode": mode})
    return key


def cancel(store: Store, key: str) -> None:
    store.delete(KIND, key)


def _read(store: Store) -> dict[str, list[OrderedFault]]:
    by_host: dict[str, list[OrderedFault]] = defaultdict(list)
    for key, doc in store.all(KIND):
        mode, host = doc.get("mode"), doc.get("host")
        if mode not in MODES or not isinstance(host, str):
            _log.error("%s %s has no effect: mode %r, host %r", KIND, key, mode, host)
            continue
        by_host[without_port(host)].append(OrderedFault(mode, doc))
    return by_host
