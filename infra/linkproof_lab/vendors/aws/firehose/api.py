"""The operations of Firehose on streams that put into S3. docs.aws.amazon.com/firehose/latest/APIReference/."""

from __future__ import annotations

import re
import time
from typing import Any

from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.control_plane.calls import AwsCall, AwsError
from linkproof_lab.vendors.aws.control_plane.json_service import JsonService
from linkproof_lab.vendors.aws.firehose.delivery import KIND, role_of

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_FORMATS = ("UNCOMPRESSED", "GZIP", "ZIP", "Snappy", "HADOOP_SNAPPY")
_DEFAULTS = {"CompressionFormat": "UNCOMPRESSED", "BufferingHints": {"SizeInMBs": 5, "IntervalInSeconds": 300}}


class Firehose(JsonService):
    """Streams of every account and region. A new one is active at once."""

    target = "Firehose_20150804."

    def __init__(self, store: Store) -> None:
        self._store = store
        self.operations = {
            "CreateDeliveryStream": self._create,
            "DescribeDeliveryStream": self._describe,
            "UpdateDestination": self._update,
            "DeleteDeliveryStream": self._delete,
            "ListTagsForDeliveryStream": self._tags,
            "TagDeliveryStream": self._tag,
        }

    def _found(self, call: AwsCall, body: dict[str, Any]) -> dict[str, Any]:
        name = str(body.get("DeliveryStreamName"))
        stream = self._store.get(KIND, _key(call, name))
        if stream is None:
            raise AwsError(400, "ResourceNotFoundException", f"Firehose {name} under account {call.account} not found.")
        return stream

    def _create(self, call: AwsCall, body: dict[str, Any]) -> dict[str, Any]:
        name = str(body.get("DeliveryStreamName"))
        if not _NAME.fullmatch(name):
            raise AwsError(400, "InvalidArgumentException", f"{name} is no name of a Firehose stream")
        if self._store.get(KIND, _key(call, name)) is not None:
            message = f"Firehose {name} under accountId {call.account} already exists"
            raise AwsError(400, "ResourceInUseException", message)
        tags = {tag["Key"]: tag["Value"] for tag in body.get("Tags") or ()}
        destination = self._checked(call, {**_DEFAULTS, **(body.get("ExtendedS3DestinationConfiguration") or {})})
        doc = {"name": name, "version": 1, "created": time.time(), "tags": tags, "destination": destination}
        self._store.put(KIND, _key(call, name), doc)
        return {"DeliveryStreamARN": _arn(call, name)}

    def _checked(self, call: AwsCall, destination: dict[str, Any]) -> dict[str, Any]:
        if not destination.get("BucketARN") or not destination.get("RoleARN"):
            raise AwsError(
                400, "InvalidArgumentException", "the lab has streams into S3 alone, with a bucket and a role"
            )
        if destination["CompressionFormat"] not in _FORMATS:
            raise AwsError(
                400, "InvalidArgumentException", f"unknown CompressionFormat {destination['CompressionFormat']}"
            )
        if role_of(self._store, destination, call.account) is None:
            message = f"Firehose is unable to assume role {destination['RoleARN']}. Please check the role provided."
            raise AwsError(400, "InvalidArgumentException", message)
        return destination

    def _describe(self, call: AwsCall, body: dict[str, Any]) -> dict[str, Any]:
        stream = self._found(call, body)
        described = {
            "DeliveryStreamName": stream["name"],
            "DeliveryStreamARN": _arn(call, stream["name"]),
            "DeliveryStreamStatus": "ACTIVE",
            "DeliveryStreamType": "DirectPut",
            "VersionId": str(stream["version"]),
            "CreateTimestamp": stream["created"],
            "HasMoreDestinations": False,
            "Destinations": [
                {
                    "DestinationId": "destinationId-000000000001",
                    "ExtendedS3DestinationDescription": stream["destination"],
                }
            ],
        }
        return {"DeliveryStreamDescription": described}

    def _update(self, call: AwsCall, body: dict[str, Any]) -> dict[str, Any]:
        """What is not given stays."""
        stream = self._found(call, body)
        if body.get("CurrentDeliveryStreamVersionId") != str(stream["version"]):
            raise AwsError(400, "ConcurrentModificationException", "the stream has another version by now")
        destination = self._checked(call, {**stream["destination"], **(body.get("ExtendedS3DestinationUpdate") or {})})
        doc = {**stream, "version": stream["version"] + 1, "destination": destination}
        self._store.put(KIND, _key(call, stream["name"]), doc)
        return {}

    def _delete(self, call: AwsCall, body: dict[str, Any]) -> dict[str, Any]:
        self._store.delete(KIND, _key(call, self._found(call, body)["name"]))
        return {}

    def _tags(self, call: AwsCall, body: dict[str, Any]) -> dict[str, Any]:
        tags = self._found(call, body)["tags"]
        return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()], "HasMoreTags": False}

    def _tag(self, call: AwsCall, body: dict[str, Any]) -> dict[str, Any]:
        stream = self._found(call, body)
        tags = {**stream["tags"], **{tag["Key"]: tag["Value"] for tag in body.get("Tags") or ()}}
        self._store.put(KIND, _key(call, stream["name"]), {**stream, "tags": tags})
        return {}


def _key(call: AwsCall, name: str) -> str:
    return f"{call.account}/{call.region}/{name}"


def _arn(call: AwsCall, name: str) -> str:
    return f"arn:aws:firehose:{call.region}:{call.account}:deliverystream/{name}"
