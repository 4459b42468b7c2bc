"""Distribution tenants: create, read, change, delete, and when a change has reached the edges.

API reference, CreateDistributionTenant; developer guide, "Request certificates for your CloudFront distribution tenant". A managed
certificate, and a domain that is proved by its DNS alone, are not in the lab: each tenant has a certificate of its own.
"""

from __future__ import annotations

import time
from typing import Any

from linkproof_lab.apis.idents import lower_id, upper_id
from linkproof_lab.edges.cloudfront.control_plane.checks import ALIAS, covers
from linkproof_lab.edges.cloudfront.control_plane.distributions import TENANT_KIND as KIND
from linkproof_lab.edges.cloudfront.control_plane.distributions import Distributions
from linkproof_lab.edges.cloudfront.control_plane.groups import (
    EXISTS,
    LIMIT,
    NOT_DISABLED,
    NOT_FOUND,
    Groups,
    check_name,
)
from linkproof_lab.edges.cloudfront.control_plane.index import is_multitenant
from linkproof_lab.edges.cloudfront.control_plane.served import served_config, status
from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.acm.lookup import KIND as CERTIFICATE_KIND
from linkproof_lab.vendors.aws.control_plane.calls import AwsError

_DEPLOY_SECONDS = 0.5
_MOST_PER_ACCOUNT = 10_000
_MOST_DOMAINS = 100
_TAKEN = "One or more of the CNAMEs you provided are already associated with a different resource."
_NOT_OWNED = (
    "One or more domains are not covered by a certificate that is issued, in us-east-1, and this account's, and the lab knows no other"
    " proof that a domain is yours."
)


class Tenants:
    """All accounts' tenants. The key of a document is the tenant's id."""

    def __init__(self, store: Store, distributions: Distributions, groups: Groups) -> None:
        self._store = store
        self._distributions = distributions
        self._groups = groups
        for _, doc in store.all(KIND):
            distributions.index.add_tenant(doc)

    def find(self, account: str, identifier: str) -> dict[str, Any]:
        """By id, ARN or name.

        Raises:
            AwsError: EntityNotFound, also for another account's.
        """
        doc = self._store.get(KIND, identifier.rpartition("/")[2])
        if doc is None or doc["account"] != account:
            named = [doc for doc in self.of_account(account) if doc["name"] == identifier]
            if not named:
                raise NOT_FOUND
            return named[0]
        return doc

    def with_domain(self, account: str, domain: str) -> dict[str, Any]:
        """Raises as `find` does."""
        found = [doc for doc in self.of_account(account) if domain.lower() in doc["domains"]]
        if not found:
            raise NOT_FOUND
        return found[0]

    def of_account(self, account: str) -> list[dict[str, Any]]:
        return [doc for _, doc in self._store.all(KIND) if doc["account"] == account]

    def create(self, account: str, given: dict[str, Any], tags: dict[str, str]) -> dict[str, Any]:
        """Raises:
        AwsError: as the vendor would.
        """
        mine = self.of_account(account)
        check_name(given["Name"])
        if any(doc["name"] == given["Name"] for doc in mine):
            raise EXISTS
        if len(mine) >= _MOST_PER_ACCOUNT:
            raise LIMIT
        ident = f"dt_{lower_id('', 27)}"
        doc = {
            "id": ident,
            "arn": f"arn:aws:cloudfront::{account}:distribution-tenant/{ident}",
            "account": account,
            "name": given["Name"],
            "tags": tags,
            "created_at": time.time(),
            "deployed_config": None,
            "enabled": True,
        }
        return self._put(doc, given)

    def update(self, doc: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
        return self._put({**doc, "deployed_config": served_config(doc, time.time())}, given, doc)

    def delete(self, doc: dict[str, Any]) -> None:
        """Raises:
        AwsError: it is enabled.
        """
        if doc["enabled"] or status(doc, time.time()) != "Deployed":
            raise NOT_DISABLED
        self._store.delete(KIND, doc["id"])
        self._distributions.index.remove_tenant(doc)

    def tag(self, doc: dict[str, Any], tags: dict[str, str]) -> None:
        self._store.put(KIND, doc["id"], {**doc, "tags": tags})

    def _put(self, doc: dict[str, Any], given: dict[str, Any], old: dict[str, Any] | None = None) -> dict[str, Any]:
        """What is given counts; what is left out of an update stays."""
        if given.get("ManagedCertificateRequest") or given.get("Parameters"):
            raise AwsError(400, "InvalidArgument", "the lab has no managed certificates and no parameters of tenants")
        new = {
            **doc,
            "distribution_id": given.get("DistributionId", doc.get("distribution_id")),
            "group_id": given.get("ConnectionGroupId", doc.get("group_id")),
            "domains": [one["Domain"].lower() for one in given["Domains"]] if "Domains" in given else doc["domains"],
            "certificate_arn": _certificate(given, doc),
            "enabled": given.get("Enabled", doc["enabled"]),
        }
        self._check(new)
        now = time.time()
        seconds = float((self._store.get("cloudfront", "settings") or {}).get("deploy_seconds", _DEPLOY_SECONDS))
        plain = ("id", "distribution_id", "group_id", "domains", "certificate_arn", "enabled")
        new |= {
            "pending_config": {key: new[key] for key in plain},
            "etag": upper_id("E", 13),
            "modified_at": now,
            "deploys_at": now + seconds,
        }
        self._store.put(KIND, doc["id"], new)
        if old is not None:
            self._distributions.index.remove_tenant(old)
        self._distributions.index.add_tenant(new)
        return new

    def _check(self, doc: dict[str, Any]) -> None:
        try:
            distribution = self._distributions.find(doc["account"], doc["distribution_id"])
        except AwsError as error:
            raise NOT_FOUND from error
        if not is_multitenant(distribution["config"]):
            raise AwsError(409, "InvalidAssociation", "The specified CloudFront resource can't be associated.")
        if not doc["group_id"]:
            raise AwsError(400, "InvalidArgument", "the lab has no default connection group: give ConnectionGroupId")
        self._groups.find(doc["account"], doc["group_id"])
        domains = doc["domains"]
        if not domains or len(domains) > _MOST_DOMAINS or not all(ALIAS.match(domain) for domain in domains):
            raise AwsError(400, "InvalidArgument", "The parameter Domains is not valid.")
        if any(self._distributions.index.owner_of_alias(domain) not in (None, doc["id"]) for domain in domains):
            raise AwsError(409, "CNAMEAlreadyExists", _TAKEN)
        certificate = self._store.get(CERTIFICATE_KIND, doc["certificate_arn"])
        usable = certificate is not None and certificate["status"] == "ISSUED"
        if (
            certificate is None
            or not usable
            or (certificate["region"], certificate["account"]) != ("us-east-1", doc["account"])
            or not all(covers(certificate["names"], domain) for domain in domains)
        ):
            raise AwsError(400, "InvalidArgument", _NOT_OWNED)


def _certificate(given: dict[str, Any], doc: dict[str, Any]) -> str:
    if "Customizations" not in given:
        return str(doc.get("certificate_arn", ""))
    return str((given["Customizations"].get("Certificate") or {}).get("Arn", ""))
