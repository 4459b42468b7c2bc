"""Connection groups: the routing endpoint that the domains of tenants lead to.

docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-connection-group.html
"""

from __future__ import annotations

import time
from typing import Any

from linkproof_lab.apis.idents import lower_id, upper_id
from linkproof_lab.edges.cloudfront.control_plane.distributions import TENANT_KIND
from linkproof_lab.edges.cloudfront.control_plane.served import status
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.control_plane.calls import AwsError

KIND = "cloudfront-connection-group"
_ZONE_ID = "cloudfront.net"
_RECORD_TTL_SECONDS = 60
_DEPLOY_SECONDS = 0.5
_MOST_PER_ACCOUNT = 100
LIMIT = AwsError(400, "EntityLimitExceeded", "The entity limit has been exceeded.")
NOT_FOUND = AwsError(404, "EntityNotFound", "The entity was not found.")
EXISTS = AwsError(409, "EntityAlreadyExists", "The entity already exists. You must provide a unique entity.")
NOT_DISABLED = AwsError(409, "ResourceNotDisabled", "The specified CloudFront resource hasn't been disabled yet.")


class Groups:
    """All accounts' connection groups. The key of a document is the group's id. The lab makes no default one."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._settings = settings
        self._store = store
        for _, doc in store.all(KIND):
            self._publish(doc)

    def find(self, account: str, group_id: str) -> dict[str, Any]:
        """Raises:
        AwsError: EntityNotFound, also for another account's.
        """
        doc = self._store.get(KIND, group_id)
        if doc is None or doc["account"] != account:
            raise NOT_FOUND
        return doc

    def of_account(self, account: str) -> list[dict[str, Any]]:
        return [doc for _, doc in self._store.all(KIND) if doc["account"] == account]

    def at(self, account: str, endpoint: str) -> dict[str, Any]:
        """By routing endpoint. Raises as `find` does."""
        found = [doc for doc in self.of_account(account) if doc["endpoint"] == endpoint.lower()]
        if not found:
            raise NOT_FOUND
        return found[0]

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
        ident = f"cg_{lower_id('', 27)}"
        doc = {
            "id": ident,
            "arn": f"arn:aws:cloudfront::{account}:connection-group/{ident}",
            "account": account,
            "name": given["Name"],
            "endpoint": f"{lower_id('d', 13)}.{_ZONE_ID}",
            "tags": tags,
            "created_at": time.time(),
            "enabled": True,
            "ipv6": False,
        }
        self._publish(doc)
        return self._put(doc, given)

    def update(self, doc: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
        return self._put(doc, given)

    def delete(self, doc: dict[str, Any]) -> None:
        """Raises:
        AwsError: it has tenants, or is enabled.
        """
        if any(tenant["group_id"] == doc["id"] for _, tenant in self._store.all(TENANT_KIND)):
            problem = "The entity cannot be deleted while it is in use."
            raise AwsError(409, "CannotDeleteEntityWhileInUse", problem)
        if doc["enabled"] or status(doc, time.time()) != "Deployed":
            raise NOT_DISABLED
        self._store.set_rrsets(_ZONE_ID, [(doc["endpoint"], "A", _RECORD_TTL_SECONDS, ())])
        self._store.delete(KIND, doc["id"])

    def tag(self, doc: dict[str, Any], tags: dict[str, str]) -> None:
        self._store.put(KIND, doc["id"], {**doc, "tags": tags})

    def _put(self, doc: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
        if given.get("AnycastIpListId"):
            raise AwsError(400, "InvalidArgument", "the lab has no Anycast IP lists: leave AnycastIpListId out")
        seconds = float((self._store.get("cloudfront", "settings") or {}).get("deploy_seconds", _DEPLOY_SECONDS))
        now = time.time()
        new = {
            **doc,
            "enabled": given.get("Enabled", doc["enabled"]),
            "ipv6": given.get("Ipv6Enabled", doc["ipv6"]),
            "etag": upper_id("E", 13),
            "modified_at": now,
            "deploys_at": now + seconds,
        }
        self._store.put(KIND, doc["id"], new)
        return new

    def _publish(self, doc: dict[str, Any]) -> None:
        if self._store.zone(_ZONE_ID) is not None:
            addresses = self._settings.edge_addresses("cloudfront")
            self._store.set_rrsets(_ZONE_ID, [(doc["endpoint"], "A", _RECORD_TTL_SECONDS, addresses)])


def check_name(name: str) -> None:
    """Of a group or a tenant: API reference, CreateDistributionTenant.

    Raises:
        AwsError: InvalidArgument.
    """
    allowed = all(character.isascii() and (character.isalnum() or character in "-.") for character in name)
    if not 3 <= len(name) <= 128 or not allowed or not (name[0].isalnum() and name[-1].isalnum()):
        raise AwsError(400, "InvalidArgument", "The parameter Name contains characters that are not allowed.")
