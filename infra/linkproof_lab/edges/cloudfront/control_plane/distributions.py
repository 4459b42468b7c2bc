"""Distributions: create, read, change, delete, and when a change has reached the edges."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from linkproof_lab.apis.idents import lower_id, upper_id
from linkproof_lab.edges.cloudfront.control_plane.checks import Checks
from linkproof_lab.edges.cloudfront.control_plane.defaults import with_defaults
from linkproof_lab.edges.cloudfront.control_plane.index import DistributionIndex, is_multitenant
from linkproof_lab.edges.cloudfront.control_plane.multitenant_checks import check_multitenant
from linkproof_lab.edges.cloudfront.control_plane.policies import CACHE, ORIGIN_REQUEST, Policies
from linkproof_lab.edges.cloudfront.control_plane.served import plain_config, served_config, status
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.control_plane.calls import AwsError

KIND = "cloudfront-distribution"
TENANT_KIND = "cloudfront-tenant"
_ZONE_ID = "cloudfront.net"
_RECORD_TTL_SECONDS = 60
_DEPLOY_SECONDS = 0.5
_MOST_PER_ACCOUNT = 500
_MOST_MULTITENANT = 20


class Distributions:
    """All accounts' distributions. The key of a document is the distribution's id."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self.index = DistributionIndex()
        self.policies = Policies(store, self.index.users_of_policy, self._policy_changed)
        self._checks = Checks(store, self.index, self.policies)
        for _, doc in store.all(KIND):
            self.index.add(doc)
            self._publish(doc)

    def find(self, account: str, distribution_id: str) -> dict[str, Any]:
        """The distribution's document.

        Raises:
            AwsError: NoSuchDistribution, also for another account's.
        """
        doc = self._store.get(KIND, distribution_id)
        if doc is None or doc["account"] != account:
            raise AwsError(404, "NoSuchDistribution", "The specified distribution does not exist.")
        return doc

    def of_account(self, account: str) -> list[dict[str, Any]]:
        return [doc for _, doc in self._store.all(KIND) if doc["account"] == account]

    def aliases(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each alias in use with its distribution, of all accounts."""
        for _, doc in self._store.all(KIND):
            for alias in doc["config"]["Aliases"].get("Items", []):
                yield alias.lower(), doc

    def create(self, account: str, given: dict[str, Any], tags: dict[str, str]) -> dict[str, Any]:
        check_multitenant(given)
        config = with_defaults(given)
        same = self.index.with_reference(account, config["CallerReference"])
        if same is not None:
            problem = "The caller reference that you are using to create a distribution is associated with another distribution."
            raise AwsError(409, "DistributionAlreadyExists", f"{problem} Already exists: {same}")
        if is_multitenant(config) and len(self.index.of_account(account, multitenant=True)) >= _MOST_MULTITENANT:
            raise AwsError(400, "EntityLimitExceeded", "The entity limit has been exceeded.")
        most = int(self._own_settings().get("max_distributions", _MOST_PER_ACCOUNT))
        if not is_multitenant(config) and len(self.index.of_account(account)) >= most:
            problem = "Processing your request would cause you to exceed the maximum number of distributions allowed."
            raise AwsError(400, "TooManyDistributions", problem)
        self._checks.check(config, account)
        distribution_id = upper_id("E", 13)
        doc = {
            "id": distribution_id,
            "arn": f"arn:aws:cloudfront::{account}:distribution/{distribution_id}",
            "account": account,
            "domain": f"{lower_id('d', 13)}.{_ZONE_ID}",
            "tags": tags,
            "deployed_config": None,
        }
        doc = self._version(doc, config)
        self._store.put(KIND, distribution_id, doc)
        self.index.add(doc)
        self._publish(doc)
        return doc

    def update(self, doc: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
        check_multitenant(given)
        config = with_defaults(given)
        changes_mode = is_multitenant(config) != is_multitenant(doc["config"])
        if config["CallerReference"] != doc["config"]["CallerReference"] or changes_mode:
            raise AwsError(400, "IllegalUpdate", "The update contains modifications that are not allowed.")
        self._checks.check(config, doc["account"], doc)
        new = self._version({**doc, "deployed_config": served_config(doc, time.time())}, config)
        self._store.put(KIND, doc["id"], new)
        self.index.remove(doc)
        self.index.add(new)
        return new

    def delete(self, doc: dict[str, Any]) -> None:
        if any(tenant["distribution_id"] == doc["id"] for _, tenant in self._store.all(TENANT_KIND)):
            raise AwsError(409, "ResourceInUse", "Cannot delete this resource because it is in use.")
        if doc["config"]["Enabled"] or status(doc, time.time()) != "Deployed":
            raise AwsError(
                409, "DistributionNotDisabled", "The distribution you are trying to delete has not been disabled."
            )
        self._store.set_rrsets(_ZONE_ID, [(doc["domain"], "A", _RECORD_TTL_SECONDS, ())])
        self._store.delete(KIND, doc["id"])
        self.index.remove(doc)

    def tag(self, doc: dict[str, Any], tags: dict[str, str]) -> None:
        self._store.put(KIND, doc["id"], {**doc, "tags": tags})

    # deployment --------------------------------------------------------------------------------
    def _own_settings(self) -> dict[str, Any]:
        return self._store.get("cloudfront", "settings") or {}

    def _version(self, doc: dict[str, Any], config: dict[str, Any]) -> dict[str, Any]:
        now = time.time()
        doc = {**doc, "config": config, "etag": upper_id("E", 13), "modified_at": now}
        return self._deploying(doc, now)

    def _deploying(self, doc: dict[str, Any], now: float) -> dict[str, Any]:
        """The edges have the new configuration after a while; policies are part of what is deployed."""
        behavior, account = doc["config"]["DefaultCacheBehavior"], doc["account"]
        cache_id, request_id = behavior.get("CachePolicyId"), behavior.get("OriginRequestPolicyId")
        cache = self.policies.find(CACHE, account, cache_id) if cache_id else None
        request = self.policies.find(ORIGIN_REQUEST, account, request_id) if request_id else None
        seconds = float(self._own_settings().get("deploy_seconds", _DEPLOY_SECONDS))
        return {**doc, "pending_config": plain_config(doc, cache, request), "deploys_at": now + seconds}

    def _policy_changed(self, policy_id: str) -> None:
        now = time.time()
        for distribution_id in sorted(self.index.users_of_policy(policy_id)):
            doc = self._store.get(KIND, distribution_id)
            if doc is not None:
                served = {**doc, "deployed_config": served_config(doc, now)}
                self._store.put(KIND, distribution_id, self._deploying(served, now))

    def _publish(self, doc: dict[str, Any]) -> None:
        # a multi-tenant one has no routing endpoint of its own
        if self._store.zone(_ZONE_ID) is not None and not is_multitenant(doc["config"]):
            self._store.set_rrsets(
                _ZONE_ID, [(doc["domain"], "A", _RECORD_TTL_SECONDS, self._settings.edge_addresses("cloudfront"))]
            )
