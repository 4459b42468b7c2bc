"""Reading back what a delivery stream has put into its bucket: files of the last hours, one event on each line. Nothing in them is trusted.

Names of files: docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html. SES ends each record with a newline:
docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-firehose-contents.html.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from linkproof.senders.ses.readings import Reading

if TYPE_CHECKING:
    from linkproof.vendors.aws.client import AwsClient

_MOST_KEYS_OF_AN_HOUR = 10_000
_MOST_FILES = 200
_MOST_OCTETS = 64 * 1024 * 1024
_LONGEST_LINE_OCTETS = 1024 * 1024
_CHUNK_OCTETS = 64 * 1024
_GZIP = b"\x1f\x8b"
_GZIP_WINDOW = 31
# `eventType` of an event, in the declaration's word; another is counted under none of them.
_TYPES: Mapping[str, str] = {
    "Send": "send",
    "Reject": "reject",
    "Bounce": "bounce",
    "Complaint": "complaint",
    "Delivery": "delivery",
    "Open": "open",
    "Click": "click",
    "Rendering Failure": "rendering-failure",
    "DeliveryDelay": "delivery-delay",
    "Subscription": "subscription",
}


class Readable(Protocol):
    def read(self, amt: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Archived:
    """What was read.

    Args:
        events: of the one configuration set.
        files: how many were read.
        left_out: how many more there are than are read, or had to be cut short.
        unread_lines: that are no event.
    """

    bucket: str
    events: tuple[Reading, ...]
    files: int
    left_out: int
    unread_lines: int


@dataclass(frozen=True, slots=True)
class NotReadable:
    """Args:
    reason: in words.
    """

    reason: str


def archived(
    client: AwsClient, region: str, stream: str, configuration_set: str, since: datetime, until: datetime
) -> Archived | NotReadable:
    """The events of a configuration set in the files that a stream wrote between two moments.

    Args:
        stream: its name, or its ARN.

    Raises:
        BotoCoreError: AWS cannot be reached.
    """
    from botocore.exceptions import ClientError

    try:
        found = client.service("firehose", region).describe_delivery_stream(
            DeliveryStreamName=stream.rpartition("/")[2]
        )
        destination = _destination(found["DeliveryStreamDescription"])
        if isinstance(destination, NotReadable):
            return destination
        return _read(client, region, destination, configuration_set, since, until)
    except ClientError as error:
        return NotReadable(f"AWS refuses: {error.response['Error']['Code']}")


def _destination(described: Mapping[str, Any]) -> Mapping[str, Any] | NotReadable:
    found: Mapping[str, Any] = (described.get("Destinations") or [{}])[0].get("ExtendedS3DestinationDescription") or {}
    if not found:
        return NotReadable("the stream leads elsewhere than to a bucket")
    if (found.get("DataFormatConversionConfiguration") or {}).get("Enabled"):
        return NotReadable("the stream writes another format than JSON")
    if found.get("CompressionFormat", "UNCOMPRESSED") not in ("UNCOMPRESSED", "GZIP"):
        return NotReadable(f"the stream packs its files as {found['CompressionFormat']}")
    if "!{" in str(found.get("Prefix") or ""):
        return NotReadable("the names of its files are an expression of the stream's own")
    return found


def _read(
    client: AwsClient,
    region: str,
    destination: Mapping[str, Any],
    configuration_set: str,
    since: datetime,
    until: datetime,
) -> Archived:
    s3, bucket = client.service("s3", region), str(destination["BucketARN"]).rpartition(":")[2]
    keys = sorted(_keys(s3, bucket, str(destination.get("Prefix") or ""), since, until), reverse=True)
    counts: Counter[str] = Counter()
    files = unread = cut = 0
    left = _MOST_OCTETS
    for _, key in keys[:_MOST_FILES]:
        if left <= 0:
            break
        reader = _Lines(s3.get_object(Bucket=bucket, Key=key)["Body"], left)
        files += 1
        for line in reader:
            kind = _type_of(line, configuration_set)
            unread += kind is None
            counts[kind or ""] += bool(kind)
        left = reader.left
        cut += reader.is_cut
    events = tuple(Reading(kind, (), counts[kind]) for kind in _TYPES.values() if counts[kind])
    return Archived(bucket, events, files, len(keys) - files + cut, unread)


def _keys(s3: Any, bucket: str, prefix: str, since: datetime, until: datetime) -> Iterator[tuple[datetime, str]]:
    """Of each hour, for by it files are named; with the moment at which each was written."""
    hour = since.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    while hour <= until:
        number = 0
        for page in s3.get_paginator("list_objects_v2").paginate(
            Bucket=bucket, Prefix=f"{prefix}{hour.strftime('%Y/%m/%d/%H')}/"
        ):
            for one in page.get("Contents") or ():
                number += 1
                # it is told in whole seconds
                if since.replace(microsecond=0) <= one["LastModified"]:
                    yield one["LastModified"], one["Key"]
            if number >= _MOST_KEYS_OF_AN_HOUR:
                break
        hour += timedelta(hours=1)


def _type_of(line: bytes, configuration_set: str) -> str | None:
    """The declaration's word; empty for an event of another set, None for what is no event."""
    try:
        event = json.loads(line)
        kind, sets = _TYPES[event["eventType"]], event["mail"]["tags"]["ses:configuration-set"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return kind if isinstance(sets, list) and configuration_set in sets else ""


class _Lines:
    """The lines of one file, plain or packed by gzip, in bounded memory.

    Attributes:
        left: octets that may still be read, of this file and those behind it.
        is_cut: whether the file had more.
    """

    def __init__(self, body: Readable, left: int) -> None:
        self._body = body
        self.left = left
        self.is_cut = False

    def __iter__(self) -> Iterator[bytes]:
        kept, is_too_long = b"", False
        for part in self._parts():
            *whole, rest = (kept + part).split(b"\n")
            for line in whole:
                if is_too_long:
                    is_too_long = False
                    yield b""
                elif line.strip():
                    yield line
            is_too_long = is_too_long or len(rest) > _LONGEST_LINE_OCTETS
            kept = b"" if is_too_long else rest
        if not self.is_cut and (is_too_long or kept.strip()):
            yield b"" if is_too_long else kept

    def _parts(self) -> Iterator[bytes]:
        for part in self._plain():
            yield part[: max(self.left, 0)]
            self.left -= len(part)
            if self.left <= 0:
                self.is_cut = True
                return

    def _plain(self) -> Iterator[bytes]:
        chunk = self._body.read(_CHUNK_OCTETS)
        if chunk[:2] == _GZIP:
            yield from self._unpacked(chunk)
            return
        while chunk:
            yield chunk
            chunk = self._body.read(_CHUNK_OCTETS)

    def _unpacked(self, chunk: bytes) -> Iterator[bytes]:
        """One file may be several, one behind the other."""
        unpacking, is_whole = zlib.decompressobj(_GZIP_WINDOW), True
        try:
            while chunk:
                while chunk:
                    yield unpacking.decompress(chunk, _CHUNK_OCTETS)
                    chunk, is_whole = unpacking.unconsumed_tail, unpacking.eof
                    if unpacking.eof:
                        chunk, unpacking = unpacking.unused_data, zlib.decompressobj(_GZIP_WINDOW)
                chunk = self._body.read(_CHUNK_OCTETS)
        except zlib.error:
            is_whole = False
        self.is_cut = self.is_cut or not is_whole
