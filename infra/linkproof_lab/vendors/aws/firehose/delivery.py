"""What a stream does with a record: one file at once, where its role may write one. What it may not deliver is gone, as nobody is told.

Names of files: docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html.
"""

from __future__ import annotations

import gzip
import re
import secrets
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.iam import roles
from linkproof_lab.vendors.aws.s3 import buckets

KIND = "firehose-stream"
SERVICE = "firehose.amazonaws.com"
_ARN = re.compile(r"arn:aws:firehose:([a-z0-9-]+):([0-9]{12}):deliverystream/([A-Za-z0-9_.-]{1,64})")


def key_of(arn: str) -> str | None:
    """The store's key of a stream; None for what is no stream's ARN."""
    found = _ARN.fullmatch(arn)
    return f"{found[2]}/{found[1]}/{found[3]}" if found else None


def role_of(store: Store, destination: Mapping[str, Any], account: str) -> dict[str, Any] | None:
    """The role that a stream of an account takes; None where it cannot."""
    return roles.taken(
        store, destination["RoleARN"], SERVICE, {"sts:ExternalId": account, "aws:SourceAccount": account}
    )


def put_record(settings: LabSettings, store: Store, arn: str, record: bytes) -> None:
    """One record into a stream of the lab."""
    key = key_of(arn)
    stream = store.get(KIND, key) if key is not None else None
    if key is None or stream is None:
        return
    destination = stream["destination"]
    role = role_of(store, destination, key.partition("/")[0])
    bucket = destination["BucketARN"].rpartition(":")[2]
    name = _file_name(stream, destination)
    if role is None or not roles.may(role, "s3:PutObject", f"{destination['BucketARN']}/{name}"):
        return
    if store.get(buckets.KIND, bucket) is not None and buckets.is_key(name):
        is_zipped = destination["CompressionFormat"] == "GZIP"
        buckets.write_object(settings, bucket, name, gzip.compress(record) if is_zipped else record)


def _file_name(stream: Mapping[str, Any], destination: Mapping[str, Any]) -> str:
    """By the time; what is written later sorts behind, which one and the same second leaves to chance at the vendor."""
    now = datetime.now(UTC)
    stamp = now.strftime("%Y-%m-%d-%H-%M-%S")
    suffix = ".gz" if destination["CompressionFormat"] == "GZIP" else ""
    own = f"{stream['name']}-{stream['version']}-{stamp}-{uuid.UUID(bytes=secrets.token_bytes(16))}{suffix}"
    return f"{destination.get('Prefix', '')}{now.strftime('%Y/%m/%d/%H')}/{own}"
