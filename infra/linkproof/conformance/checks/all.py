"""Every check by the id of its requirement."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from linkproof.conformance.checks import apps, cache, failing, front, methods, moving, origin
from linkproof.conformance.checks import bytes as octets
from linkproof.conformance.run.found import Found
from linkproof.conformance.run.session import Session

Check = Callable[[Session, Found], Awaitable[None]]

CHECKS: Final[dict[str, Check]] = {
    "reach": octets.reach,
    "bytes.path": octets.path,
    "bytes.path-unusual": octets.path_unusual,
    "bytes.query": octets.query,
    "bytes.query-unusual": octets.query_unusual,
    "bytes.semicolon": octets.semicolon,
    "bytes.long": octets.long,
    "bytes.longest": octets.longest,
    "bytes.location": octets.location,
    "bytes.location-unusual": octets.location_unusual,
    "bytes.location-own": octets.location_own,
    "host.origin": origin.host,
    "host.forwarded": origin.forwarded_host,
    "host.forged": origin.forged_host,
    "host.sni": origin.sni,
    "host.version": origin.version,
    "host.verified": origin.verified,
    "headers.user-agent": origin.user_agent,
    "headers.client-address": origin.client_address,
    "headers.cookies": origin.cookies,
    "headers.token": origin.token,
    "method.head": methods.head,
    "method.post": methods.post,
    "method.options": methods.options,
    "method.expect": methods.expect,
    "cache.redirects": cache.redirects,
    "cache.errors": cache.errors,
    "cache.gone": cache.gone,
    "cache.opens": cache.opens,
    "cache.revalidation": cache.revalidation,
    "cache.recompression": cache.recompression,
    "app-files": apps.files,
    "front.https": front.https,
    "front.http": front.http,
    "front.hsts": front.hsts,
    "front.tls12": front.tls12,
    "front.tls13": front.tls13,
    "front.chain": front.chain,
    "front.unknown-host": front.unknown_host,
    "front.unknown-sni": front.unknown_sni,
    "front.http2": front.http_2,
    "front.ipv6": front.ipv6,
    "retry.get": failing.retry_get,
    "retry.post": failing.retry_post,
    "loss.spreads": failing.lost,
    "origin.failure": failing.failure,
    "origin.garbage": failing.garbage,
    "origin.silent": failing.silent,
    "origin.ipv6": moving.ipv6,
    "origin.dead-ipv6": moving.dead_ipv6,
    "origin.moved": moving.moved,
}
