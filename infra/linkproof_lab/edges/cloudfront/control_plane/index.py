"""Who uses which alias, certificate and policy, in memory, so that no question reads every distribution."""

from __future__ import annotations

from collections import defaultdict
from typing import Any


class DistributionIndex:
    """Follows the distributions; their owner keeps it so."""

    def __init__(self) -> None:
        self._aliases: dict[str, str] = {}
        self._certificates: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self._policies: defaultdict[str, set[str]] = defaultdict(set)
        self._references: dict[tuple[str, str], str] = {}
        self._accounts: defaultdict[tuple[str, bool], set[str]] = defaultdict(set)

    def add_tenant(self, doc: dict[str, Any]) -> None:
        for domain in doc["domains"]:
            self._aliases[domain] = doc["id"]
        self._certificates[doc["certificate_arn"]][doc["id"]] = doc["arn"]

    def remove_tenant(self, doc: dict[str, Any]) -> None:
        for domain in doc["domains"]:
            self._aliases.pop(domain, None)
        self._certificates[doc["certificate_arn"]].pop(doc["id"], None)

    def add(self, doc: dict[str, Any]) -> None:
        config = doc["config"]
        for alias in config["Aliases"].get("Items", []):
            self._aliases[alias.lower()] = doc["id"]
        self._certificates[config["ViewerCertificate"].get("ACMCertificateArn", "")][doc["id"]] = doc["arn"]
        for policy_id in policies_of(config):
            self._policies[policy_id].add(doc["id"])
        self._references[doc["account"], config["CallerReference"]] = doc["id"]
        self._accounts[doc["account"], is_multitenant(config)].add(doc["id"])

    def remove(self, doc: dict[str, Any]) -> None:
        config = doc["config"]
        for alias in config["Aliases"].get("Items", []):
            self._aliases.pop(alias.lower(), None)
        self._certificates[config["ViewerCertificate"].get("ACMCertificateArn", "")].pop(doc["id"], None)
        for policy_id in policies_of(config):
            self._policies[policy_id].discard(doc["id"])
        self._references.pop((doc["account"], config["CallerReference"]), None)
        self._accounts[doc["account"], is_multitenant(config)].discard(doc["id"])

    def owner_of_alias(self, alias: str) -> str | None:
        """Id of the distribution or tenant that has it, in whichever account."""
        return self._aliases.get(alias)

    def users_of_certificate(self, arn: str) -> list[str]:
        """ARNs of distributions and tenants."""
        return list(self._certificates[arn].values()) if arn in self._certificates else []

    def users_of_policy(self, policy_id: str) -> set[str]:
        """Ids of distributions."""
        return set(self._policies.get(policy_id, ()))

    def with_reference(self, account: str, caller_reference: str) -> str | None:
        return self._references.get((account, caller_reference))

    def of_account(self, account: str, *, multitenant: bool = False) -> set[str]:
        return self._accounts[account, multitenant]


def is_multitenant(config: dict[str, Any]) -> bool:
    """Whether it is a configuration that tenants share, and answers nobody itself."""
    return config.get("ConnectionMode") == "tenant-only"


def policies_of(config: dict[str, Any]) -> set[str]:
    """Ids of the cache and origin-request policies that a configuration names."""
    behaviors = [config["DefaultCacheBehavior"], *config["CacheBehaviors"].get("Items", [])]
    ids = {behavior.get(key) for behavior in behaviors for key in ("CachePolicyId", "OriginRequestPolicyId")}
    return {policy_id for policy_id in ids if policy_id}
