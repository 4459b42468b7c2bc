"""From a client's request and a proxied record to what the origin is asked and how the answer is cached. Pure."""

from __future__ import annotations

from linkproof_lab.edges.cloudflare.data_plane.hosts import ProxiedHost
from linkproof_lab.web.cache import CacheRule, stated_lifetime
from linkproof_lab.web.origin import OriginAnswer, OriginRequest, OriginTls
from linkproof_lab.web.viewer import Exchange, Viewer

# A part of the list in Cloudflare docs, "Default cache behavior"; neither HTML nor JSON is in it.
_CACHED_EXTENSIONS = frozenset(
    {"bmp", "gif", "ico", "jpeg", "jpg", "png", "svg", "tif", "tiff", "webp"}
    | {"css", "js", "eot", "otf", "ttf", "woff", "woff2"}
    | {"avi", "flac", "mid", "midi", "mp3", "mp4", "ogg", "webm"}
    | {"csv", "doc", "docx", "pdf", "ppt", "pptx", "ps", "xls", "xlsx"}
    | {"7z", "apk", "dmg", "exe", "gz", "iso", "jar", "rar", "tar", "zip"}
)
# The same page: how long by status when the origin says nothing, in seconds.
_SECONDS_BY_STATUS = {200: 7200, 206: 7200, 301: 7200, 302: 1200, 303: 1200, 404: 180, 410: 180}
_REPLACED = frozenset({"cf-connecting-ip", "cf-ray", "x-forwarded-for", "x-forwarded-proto", "cdn-loop"})


def exchange_for(host: ProxiedHost, viewer: Viewer, ray: str) -> Exchange:
    """What Cloudflare does with this request when no fault interferes."""
    # `full` and `strict` reach the origin with the client's own scheme, `origin_pull` always over HTTPS, the others never.
    secure = host.ssl == "origin_pull" or (viewer.scheme == "https" and host.ssl in {"full", "strict"})
    tls = None
    if secure:
        # `full` takes any certificate; `strict` one for the requested or the target name (Cloudflare docs, "Full (strict)").
        accepted = () if host.ssl == "full" else (viewer.host, host.target)
        tls = OriginTls(viewer.host, accepted)
    request = OriginRequest(
        method=viewer.method,
        origin=host.target,
        port=443 if secure else 80,
        tls=tls,
        host=viewer.host,
        path=viewer.path,
        query=viewer.query,
        headers=_headers(host, viewer, ray),
        body=viewer.body,
    )
    return Exchange(request, _cache_rule(host, viewer))


def is_static(path: str) -> bool:
    """Whether the path ends in an extension that is cached by default."""
    return path.rpartition("/")[2].lower().rpartition(".")[2] in _CACHED_EXTENSIONS and "." in path.rpartition("/")[2]


def _headers(host: ProxiedHost, viewer: Viewer, ray: str) -> tuple[tuple[str, str], ...]:
    ruled = {name.lower() for name, _ in host.headers}
    headers = [(name, value) for name, value in viewer.end_to_end_headers() if name.lower() not in _REPLACED | ruled]
    headers += [(name, viewer.host if value == "http.host" else value) for name, value in host.headers]
    headers += [
        ("X-Forwarded-For", ", ".join([*viewer.values("x-forwarded-for"), viewer.address])),
        ("X-Forwarded-Proto", viewer.scheme),
        ("CF-Connecting-IP", viewer.address),
        ("CF-Ray", ray),
        ("CDN-Loop", "cloudflare; loops=1"),
    ]
    return tuple(headers)


def _cache_rule(host: ProxiedHost, viewer: Viewer) -> CacheRule | None:
    if not host.caches or viewer.method not in {"GET", "HEAD"} or not is_static(viewer.path):
        return None
    key = (host.host, viewer.method, viewer.scheme, viewer.host, viewer.path, viewer.query)
    return CacheRule(key, _seconds)


def _seconds(answer: OriginAnswer) -> float:
    if answer.header("set-cookie") is not None:
        return 0.0
    stated = stated_lifetime(answer)
    return float(_SECONDS_BY_STATUS.get(answer.status, 0)) if stated is None else stated
