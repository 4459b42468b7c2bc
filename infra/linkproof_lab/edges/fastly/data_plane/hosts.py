"""The active services by host, and the certificates by the names in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from linkproof_lab.edges.fastly.control_plane import services, tls, vcl
from linkproof_lab.store import Store
from linkproof_lab.web.contexts import Identity
from linkproof_lab.web.names import covers
from linkproof_lab.web.watch import Generation, Watched


@dataclass(frozen=True, slots=True)
class Backend:
    """Where a service forwards to.

    Args:
        secure: over TLS.
        server_name: sent as SNI; empty for none.
        certificate_name: what its certificate must cover; empty where it is not looked at.
        host: the Host that is sent; empty for the viewer's.
    """

    address: str
    port: int
    secure: bool
    server_name: str
    certificate_name: str
    host: str


@dataclass(frozen=True, slots=True)
class Service:
    """One active version.

    Args:
        passes: vcl_recv looks nothing up.
        forces_tls: plain HTTP is redirected.
        fetch: what its first cache setting says: `pass`, `cache`, `restart`, or nothing.
        on_pass, on_miss: what its snippets do to the request to the origin.
    """

    id: str
    backend: Backend | None
    passes: bool
    forces_tls: bool
    fetch: str
    cache_seconds: float | None
    default_seconds: float
    on_pass: tuple[vcl.HeaderChange, ...]
    on_miss: tuple[vcl.HeaderChange, ...]


@dataclass(frozen=True, slots=True)
class _Index:
    services: Mapping[str, Service]
    certificates: Mapping[str, Identity]


class Hosts:
    """Of now."""

    def __init__(self, store: Store, generation: Generation) -> None:
        self._index = Watched(generation, lambda: _read(store))

    def service(self, host: str) -> Service | None:
        """By exact name, else by a wildcard for its first label."""
        found = self._index.get().services
        return found.get(host) or found.get(f"*.{host.partition('.')[2]}")

    def certificate(self, host: str) -> Identity | None:
        found = self._index.get().certificates
        return found.get(host) or found.get(f"*.{host.partition('.')[2]}")

    def covers(self, server_name: str, host: str) -> bool:
        """Whether the certificate that is shown for one name is good for another."""
        shown = self.certificate(server_name)
        names = [name for name, identity in self._index.get().certificates.items() if identity == shown]
        return shown is not None and covers(names, host)


def _read(store: Store) -> _Index:
    by_host: dict[str, Service] = {}
    for _, doc in store.all(services.KIND):
        active = services.active_version(doc)
        if active is not None:
            by_host.update(
                dict.fromkeys((domain["name"].lower() for domain in active["domain"]), _service(doc, active))
            )
    certificates = {host.lower(): Identity.from_document(found) for host, found in tls.certificates(store)}
    return _Index(by_host, certificates)


def _service(doc: Mapping[str, Any], version: Mapping[str, Any]) -> Service:
    requests, caches = version["request_settings"], version["cache_settings"]
    # without conditions the first backend takes every request (www.fastly.com/documentation/reference/api/services/backend)
    backend = next((one for one in version["backend"] if not one["request_condition"]), None)
    cache = caches[0] if caches else {}
    return Service(
        id=doc["id"],
        backend=_backend(backend) if backend else None,
        passes=any(one["action"] == "pass" for one in requests),
        forces_tls=any(one["force_ssl"] for one in requests),
        fetch=cache.get("action") or "",
        cache_seconds=None if cache.get("ttl") is None else float(cache["ttl"]),
        default_seconds=float(version["settings"]["general.default_ttl"]),
        on_pass=vcl.changes(version["snippet"], "pass"),
        on_miss=vcl.changes(version["snippet"], "miss"),
    )


def _backend(backend: Mapping[str, Any]) -> Backend:
    address = str(backend["address"])
    # docs.fastly.com/en/guides/tls-origin-connection-errors-and-warnings: the origin's host, unless another name is given
    certificate_name = str(backend["ssl_cert_hostname"] or backend["override_host"] or address)
    return Backend(
        address=address,
        port=int(backend["port"]),
        secure=bool(backend["use_ssl"]),
        server_name=str(backend["ssl_sni_hostname"] or ""),
        certificate_name=certificate_name if backend["ssl_check_cert"] else "",
        host=str(backend["override_host"] or ""),
    )
