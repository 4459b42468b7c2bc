"""A link's distribution or tenant, written into the lab's store as CloudFront's API would have it after a deployment."""

from __future__ import annotations

from typing import Any

from linkproof.edges.cloudfront.facts import MINIMUM_TLS
from linkproof.edges.cloudfront.items import (
    CachePolicy,
    Distribution,
    MultitenantDistribution,
    OriginRequestPolicy,
    Tenant,
)
from linkproof.plan.model import Plan
from linkproof_lab import ca
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store

from tests.conformance.conftest import HOST


def deploy(plan: Plan, settings: LabSettings, store: Store) -> None:
    made = _one(plan, Distribution)
    served = {
        **_shared(plan, made),
        "aliases": [HOST],
        "certificate_arn": _certificate(settings, store),
        "minimum_protocol_version": made.minimum_tls,
        "ipv6": made.ipv6,
    }
    served["origin"]["custom_headers"] = dict(made.origin_headers)
    _put(store, "cloudfront-distribution", "E1", served)


def deploy_tenant(plan: Plan, settings: LabSettings, store: Store) -> None:
    assert _one(plan, Tenant).host == HOST
    served = {
        **_shared(plan, _one(plan, MultitenantDistribution)),
        "aliases": [],
        "certificate_arn": None,
        # whatever CloudFront chooses: the oldest that Python's own OpenSSL speaks
        "minimum_protocol_version": MINIMUM_TLS,
        "ipv6": False,
        "multitenant": True,
    }
    _put(store, "cloudfront-distribution", "E1", served)
    store.put("cloudfront-connection-group", "cg_1", {"id": "cg_1", "enabled": True})
    tenant = {"id": "dt_1", "distribution_id": "E1", "group_id": "cg_1", "domains": [HOST], "enabled": True}
    _put(store, "cloudfront-tenant", "dt_1", {**tenant, "certificate_arn": _certificate(settings, store)})


def _one(plan: Plan, kind: type) -> Any:
    return next((item for item in plan.items if isinstance(item, kind)), None)


def _put(store: Store, kind: str, ident: str, served: dict[str, Any]) -> None:
    store.put(kind, ident, {"pending_config": served, "deployed_config": None, "deploys_at": 0})


def _certificate(settings: LabSettings, store: Store) -> str:
    issued = ca.issue(settings, [HOST], key="ec256")
    certificate = {"status": "ISSUED", "names": [HOST], "cert_pem": issued.cert_pem, "chain_pem": issued.chain_pem}
    store.put("acm-certificate", "arn:one", {**certificate, "key_pem": issued.key_pem})
    return "arn:one"


def _shared(plan: Plan, made: Distribution | MultitenantDistribution) -> dict[str, Any]:
    """What both modes have alike."""
    policy, cache = _one(plan, OriginRequestPolicy), _one(plan, CachePolicy)
    return {
        "id": "E1",
        "domain": "e1.cloudfront.net",
        "enabled": True,
        "origin": {
            "domain": made.origin,
            "http_port": 80,
            "https_port": 443,
            "protocol_policy": made.origin_protocol,
            "ssl_protocols": list(made.origin_tls),
            "custom_headers": {},
        },
        "viewer_protocol_policy": made.viewer_protocol,
        "allowed_methods": list(made.methods),
        "cache_policy": {
            "id": "c",
            "min_ttl": cache.minimum_seconds if cache else 0,
            "default_ttl": cache.seconds if cache else 0,
            "max_ttl": cache.seconds if cache else 0,
            "query_strings": cache.query_strings if cache else "none",
            "headers": [],
            "cookies": "none",
        },
        "origin_request_policy": {
            "id": "p",
            "headers": list(policy.headers),
            "query_strings": policy.query_strings,
            "cookies": policy.cookies,
        },
        "error_caching": [[status, 0] for status in made.error_statuses],
        "http_version": "http2",
    }
