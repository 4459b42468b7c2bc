"""Finds the deployed distribution for a host, fast even with a thousand of them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from linkproof_lab.edges.cloudfront.data_plane.config import Distribution
from linkproof_lab.store import Store
from linkproof_lab.web.watch import Generation, Watched

_log = logging.getLogger(__name__)
KIND = "cloudfront-distribution"
TENANT_KIND = "cloudfront-tenant"
GROUP_KIND = "cloudfront-connection-group"
# While a deployment is under way, what is served changes with time alone.
_UNSETTLED_SECONDS = 0.1
_FAR_FUTURE_SECONDS = 10 * 365 * 86400.0

Served = Callable[[dict[str, Any], float], dict[str, Any] | None]
Documents = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Index:
    by_host: dict[str, Distribution]
    settled: bool
    read_at: float


class Distributions:
    """The distributions and tenants that are served now.

    Args:
        served: from a stored distribution or tenant and a time to what the edges serve then, or None.
    """

    def __init__(self, store: Store, generation: Generation, served: Served) -> None:
        kinds = (KIND, TENANT_KIND, GROUP_KIND)
        self._documents: Watched[list[Documents]] = Watched(
            generation, lambda: [[doc for _, doc in store.all(kind)] for kind in kinds]
        )
        self._served = served
        self._index: _Index | None = None
        self._indexed: list[Documents] | None = None

    def for_host(self, host: str) -> Distribution | None:
        """By alias, tenant's domain or own domain; an alias `*.example.com` stands for one label, and an exact one goes before it."""
        by_host = self._current().by_host
        return by_host.get(host) or by_host.get(f"*.{host.partition('.')[2]}")

    def _current(self) -> _Index:
        documents, now = self._documents.get(), time.time()
        index = self._index
        stale = index is None or (not index.settled and now - index.read_at >= _UNSETTLED_SECONDS)
        if index is None or stale or self._indexed is not documents:
            index = self._read(documents, now)
            self._index, self._indexed = index, documents
        return index

    def _read(self, documents: list[Documents], now: float) -> _Index:
        distributions, tenants, groups = documents
        settled = True
        served: list[dict[str, Any]] = []
        for doc in (*distributions, *tenants):
            found = self._served(doc, now)
            settled = settled and found == self._served(doc, now + _FAR_FUTURE_SECONDS)
            if found is not None and found["enabled"]:
                served.append(found)
        shared = {one["id"]: one for one in served if one.get("multitenant")}
        enabled = {group["id"] for group in groups if group["enabled"]}
        by_host: dict[str, Distribution] = {}
        for one in served:
            if one.get("multitenant"):
                continue  # it answers nobody itself
            full = one if "distribution_id" not in one else _as_tenant(one, shared, enabled)
            if full is None:
                continue
            try:
                distribution = Distribution.from_served(full)
            except (KeyError, ValueError, TypeError):
                _log.exception("distribution %s is not served", one.get("id"))
                continue
            hosts = (distribution.domain, *distribution.aliases) if distribution.domain else distribution.aliases
            by_host.update(dict.fromkeys(hosts, distribution))
        return _Index(by_host, settled, now)


def _as_tenant(tenant: dict[str, Any], shared: dict[str, dict[str, Any]], enabled: set[str]) -> dict[str, Any] | None:
    """What is served for a tenant: its distribution's, with its own domains and certificate; None while either, or its group, is off.

    Args:
        shared: multi-tenant distributions by id.
        enabled: ids of connection groups.
    """
    distribution = shared.get(tenant["distribution_id"])
    if distribution is None or tenant["group_id"] not in enabled:
        return None
    # a tenant's requests count for its distribution: it has no metric of its own
    own = {
        "id": tenant["id"],
        "counts_for": distribution["id"],
        "aliases": tenant["domains"],
        "certificate_arn": tenant["certificate_arn"],
    }
    return {**distribution, **own, "domain": ""}
