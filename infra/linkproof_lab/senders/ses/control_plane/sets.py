"""Configuration sets with their tracking options and event destinations."""

from __future__ import annotations

import re
from typing import Any

from linkproof_lab.senders.ses.control_plane.destinations import checked_destination
from linkproof_lab.senders.ses.control_plane.identities import Identities
from linkproof_lab.senders.ses.control_plane.publishing import SET_KIND
from linkproof_lab.senders.ses.control_plane.reach import Owner, Reach
from linkproof_lab.senders.ses.links import HOST_KIND
from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.control_plane.calls import AwsCall, AwsError

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_POLICIES = ("REQUIRE", "REQUIRE_OPEN_ONLY", "OPTIONAL")
_MOST_DESTINATIONS = 10


class ConfigurationSets:
    """Each a document by account, region and name."""

    def __init__(self, store: Store, identities: Identities, reach: Reach) -> None:
        self._store = store
        self._reach = reach
        self._identities = identities

    def answer(self, call: AwsCall, path: list[str], body: dict[str, Any]) -> dict[str, Any]:
        """Raises:
        AwsError: as the vendor would.
        """
        match call.method, path:
            case "POST", ["configuration-sets"]:
                return self._create(call, body)
            # the model of botocore 1.44.5, and the one that awscli 1.46.3 brings with it
            case ("POST", ["list-configuration-sets"]) | ("GET", ["configuration-sets"]):
                return {"ConfigurationSets": [doc["name"] for doc in self._of(call)]}
            case "GET", ["configuration-sets", name]:
                return self._view(self._found(call, name))
            case "DELETE", ["configuration-sets", name]:
                self._found(call, name)
                self._store.delete(SET_KIND, _key(call, name))
                return {}
            case "PUT", ["configuration-sets", name, "tracking-options"]:
                return self._track(call, self._found(call, name), body)
            case "GET", ["configuration-sets", name, "event-destinations"]:
                return {"EventDestinations": list(self._found(call, name)["destinations"].values())}
            case "POST", ["configuration-sets", name, "event-destinations"]:
                return self._add(call, self._found(call, name), body)
            case "PUT" | "DELETE", ["configuration-sets", name, "event-destinations", which]:
                return self._change(call, self._found(call, name), which, body)
            case "POST", ["tags"]:
                return self._tag(call, body)
        raise AwsError(404, "UnknownOperationException", f"the lab has no {call.method} {call.path}")

    # reading -----------------------------------------------------------------------------------
    def _of(self, call: AwsCall) -> list[dict[str, Any]]:
        return [doc for key, doc in self._store.all(SET_KIND) if key.startswith(f"{call.account}/{call.region}/")]

    def _found(self, call: AwsCall, name: str) -> dict[str, Any]:
        doc = self._store.get(SET_KIND, _key(call, name))
        if doc is None:
            raise AwsError(404, "NotFoundException", f"Configuration set <{name}> does not exist.")
        return doc

    def _view(self, doc: dict[str, Any]) -> dict[str, Any]:
        tags = [{"Key": key, "Value": value} for key, value in doc["tags"].items()]
        defaults = {
            # on by default where the set was made by v2
            "ReputationOptions": {"ReputationMetricsEnabled": True},
            "SendingOptions": {"SendingEnabled": True},
        }
        shown = {"ConfigurationSetName": doc["name"], **defaults, "Tags": tags}
        return {**shown, "TrackingOptions": doc["tracking"]} if doc["tracking"] else shown

    # changing ----------------------------------------------------------------------------------
    def _put(self, call: AwsCall, doc: dict[str, Any]) -> None:
        self._store.put(SET_KIND, _key(call, doc["name"]), doc)

    def _create(self, call: AwsCall, body: dict[str, Any]) -> dict[str, Any]:
        name = str(body.get("ConfigurationSetName") or "")
        if not _NAME.fullmatch(name):
            raise AwsError(400, "BadRequestException", f"Invalid configuration set name <{name}>.")
        if self._store.get(SET_KIND, _key(call, name)) is not None:
            raise AwsError(400, "AlreadyExistsException", f"Configuration set <{name}> already exists.")
        tracking = self._checked_tracking(call, body.get("TrackingOptions") or {})
        tags = {tag["Key"]: tag["Value"] for tag in body.get("Tags") or ()}
        doc = {"name": name, "tracking": tracking, "tags": tags, "destinations": {}}
        self._put(call, doc)
        self._attach(call, tracking)
        return {}

    def _track(self, call: AwsCall, doc: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        """A put replaces and does not merge: an empty body takes the domain away."""
        tracking = self._checked_tracking(call, body)
        self._put(call, {**doc, "tracking": tracking})
        self._attach(call, tracking)
        return {}

    def _checked_tracking(self, call: AwsCall, body: dict[str, Any]) -> dict[str, Any]:
        if not body:
            return {}
        domain = str(body.get("CustomRedirectDomain") or "").lower()
        if not domain:
            raise AwsError(400, "BadRequestException", "CustomRedirectDomain must not be blank.")
        if not self._identities.is_covered(call, domain):
            raise AwsError(400, "BadRequestException", f"Custom redirect domain <{domain}> is not verified.")
        policy = body.get("HttpsPolicy", "OPTIONAL")
        if policy not in _POLICIES:
            raise AwsError(400, "BadRequestException", f"Unknown https policy <{policy}>.")
        return {"CustomRedirectDomain": domain, "HttpsPolicy": policy}

    def _attach(self, call: AwsCall, tracking: dict[str, Any]) -> None:
        """For ever: mail already sent has the host, and nobody says that its links end with the configuration set."""
        if tracking:
            self._store.put(HOST_KIND, tracking["CustomRedirectDomain"], {"region": call.region})

    def _add(self, call: AwsCall, doc: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        name = str(body.get("EventDestinationName") or "")
        if not _NAME.fullmatch(name):
            raise AwsError(400, "BadRequestException", f"Invalid event destination name <{name}>.")
        if name in doc["destinations"]:
            raise AwsError(400, "AlreadyExistsException", f"Event destination <{name}> already exists.")
        if len(doc["destinations"]) >= _MOST_DESTINATIONS:
            raise AwsError(400, "LimitExceededException", "Maximum number of event destinations reached.")
        made = self._checked(call, doc, name, body)
        self._put(call, {**doc, "destinations": {**doc["destinations"], name: made}})
        return {}

    def _checked(self, call: AwsCall, doc: dict[str, Any], name: str, body: dict[str, Any]) -> dict[str, Any]:
        made = checked_destination(name, body.get("EventDestination") or {})
        self._reach.check(Owner(call.account, call.region, doc["name"]), made)
        return made

    def _change(self, call: AwsCall, doc: dict[str, Any], name: str, body: dict[str, Any]) -> dict[str, Any]:
        if name not in doc["destinations"]:
            raise AwsError(404, "NotFoundException", f"Event destination <{name}> does not exist.")
        others = {key: one for key, one in doc["destinations"].items() if key != name}
        if call.method == "PUT":
            others[name] = self._checked(call, doc, name, body)
        self._put(call, {**doc, "destinations": others})
        return {}

    def _tag(self, call: AwsCall, body: dict[str, Any]) -> dict[str, Any]:
        doc = self._found(call, str(body.get("ResourceArn") or "").rpartition("/")[2])
        self._put(
            call, {**doc, "tags": {**doc["tags"], **{tag["Key"]: tag["Value"] for tag in body.get("Tags") or ()}}}
        )
        return {}


def _key(call: AwsCall, name: str) -> str:
    return f"{call.account}/{call.region}/{name}"
