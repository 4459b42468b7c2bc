"""From a viewer's request and a distribution to what the origin is asked and how the answer is cached. Pure."""

from __future__ import annotations

from urllib.parse import unquote_plus

from linkproof_lab.edges.cloudfront.data_plane.config import Distribution, Selection
from linkproof_lab.web.cache import CacheRule, directives, stated_lifetime
from linkproof_lab.web.origin import OriginAnswer, OriginRequest, OriginTls
from linkproof_lab.web.viewer import Exchange, Viewer

# Passed on whatever the policies say, for they belong to the body or to the part that is asked for.
# AWS: CloudFront developer guide, "HTTP request headers and CloudFront behavior".
_ALWAYS = frozenset(
    {
        "content-type",
        "content-encoding",
        "range",
        "if-match",
        "if-none-match",
        "if-modified-since",
        "if-unmodified-since",
        "if-range",
    }
)
# Written by the edge itself; cookies have a selection of their own.
_NEVER = frozenset({"cookie", "user-agent", "via", "x-forwarded-for", "x-amz-cf-id"})
_CACHED_METHODS = frozenset({"GET", "HEAD"})
_CACHED_STATUSES = frozenset({200, 203, 300, 301, 302, 307, 308})
# AWS: "How CloudFront processes HTTP 4xx and 5xx status codes from your origin". No cache policy switches this off.
_CACHED_ERRORS = frozenset({404, 410, 414, 500, 501, 502, 503, 504})
_CACHED_ERRORS_IF_SAID = frozenset({400, 403, 405, 412, 415})
_ERROR_SECONDS = 10.0


def exchange_for(distribution: Distribution, viewer: Viewer, request_id: str, via: str) -> Exchange:
    """What CloudFront does with this request when no fault interferes."""
    origin, taken = distribution.origin, distribution.forwarded
    forwards_host = taken.headers.has("host")
    host = viewer.host if forwards_host else origin.domain
    tls = None
    if origin.protocol_policy == "https-only" or (
        origin.protocol_policy == "match-viewer" and viewer.scheme == "https"
    ):
        # Either name will do: AWS, "HTTP 502 status code (Bad Gateway)".
        accepted = (origin.domain, viewer.host) if forwards_host else (origin.domain,)
        tls = OriginTls(host, accepted, origin.minimum, origin.maximum)
    request = OriginRequest(
        method=viewer.method,
        origin=origin.domain,
        port=origin.https_port if tls else origin.http_port,
        tls=tls,
        host=host,
        path=viewer.path,
        query=_query(viewer.query, taken.query_strings),
        headers=_headers(distribution, viewer, request_id, via),
        body=viewer.body,
    )
    return Exchange(request, _cache_rule(distribution, viewer))


def _headers(distribution: Distribution, viewer: Viewer, request_id: str, via: str) -> tuple[tuple[str, str], ...]:
    taken = distribution.forwarded
    own = {name.lower() for name, _ in distribution.origin.custom_headers}
    headers = [
        (name, value)
        for name, value in viewer.end_to_end_headers()
        if name.lower() not in _NEVER | own and (name.lower() in _ALWAYS or taken.headers.has(name.lower()))
    ]
    agents = viewer.values("user-agent") if taken.headers.has("user-agent") else ["Amazon CloudFront"]
    headers += [("User-Agent", agent) for agent in agents if "user-agent" not in own]
    cookies = _cookies(viewer, taken.cookies)
    if cookies:
        headers.append(("Cookie", "; ".join(cookies)))
    headers += [
        ("X-Forwarded-For", ", ".join([*viewer.values("x-forwarded-for"), viewer.address])),
        ("Via", ", ".join([*viewer.values("via"), via])),
        ("X-Amz-Cf-Id", request_id),
        *distribution.origin.custom_headers,
    ]
    return tuple(headers)


def _query(query: str | None, selection: Selection) -> str | None:
    if query is None or selection.nothing:
        return None
    if selection.everything and not selection.names:
        return query
    kept = [part for part in query.split("&") if selection.has(unquote_plus(part.partition("=")[0]))]
    return "&".join(kept) if kept else None


def _cookies(viewer: Viewer, selection: Selection) -> list[str]:
    pairs = [pair.strip() for value in viewer.values("cookie") for pair in value.split(";")]
    return [pair for pair in pairs if pair and selection.has(pair.partition("=")[0].strip())]


def _cache_rule(distribution: Distribution, viewer: Viewer) -> CacheRule | None:
    if viewer.method not in _CACHED_METHODS:
        return None
    key = distribution.key
    headers = sorted((name.lower(), value) for name, value in viewer.headers if key.headers.has(name.lower()))
    return CacheRule(
        (
            distribution,
            viewer.method,
            viewer.path,
            _query(viewer.query, key.query_strings),
            viewer.host if key.headers.has("host") else None,
            tuple(headers),
            tuple(sorted(_cookies(viewer, key.cookies))),
        ),
        lambda answer: _seconds(distribution, answer),
    )


def _seconds(distribution: Distribution, answer: OriginAnswer) -> float:
    """AWS: "Managing how long content stays in the cache (expiration)"."""
    stated = stated_lifetime(answer)
    if answer.status in _CACHED_ERRORS or (answer.status in _CACHED_ERRORS_IF_SAID and stated):
        # AWS: the greater of what the origin says, at most the maximum TTL, and of the error caching minimum TTL.
        said = min(stated or 0.0, distribution.max_ttl_seconds)
        return max(said, dict(distribution.error_caching).get(answer.status, _ERROR_SECONDS))
    if answer.status not in _CACHED_STATUSES or distribution.max_ttl_seconds <= 0:
        return 0.0
    if stated is None:
        # The default counts only where the origin says nothing, and never below the minimum.
        stated = distribution.default_ttl_seconds
    elif stated == 0.0 and directives(answer) and distribution.min_ttl_seconds == 0:
        return 0.0
    return min(max(stated, distribution.min_ttl_seconds), distribution.max_ttl_seconds)
