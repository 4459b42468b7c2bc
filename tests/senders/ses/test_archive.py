"""What is read of a stream's bucket: the last hour's files, packed or not, bounded, and nothing of them believed."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from linkproof.credentials import read_credentials
from linkproof.engine.clients import Clients
from linkproof.senders.ses import archive, policies
from linkproof.senders.ses.archive import Archived, NotReadable, archived
from linkproof.vendors.aws.client import AwsClient
from linkproof_lab.vendors.aws.facts import SERVICES

from tests.lab.apis.conftest import Lab

REGION, BUCKET = "us-east-1", "acme-mail"


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    made = Lab(tmp_path / "lab")
    account = made.aws("sts").get_caller_identity()["Account"]
    arn = f"arn:aws:ses:{REGION}:{account}:configuration-set/news"
    made.aws("s3").create_bucket(Bucket=BUCKET)
    made.aws("iam").create_role(RoleName="writer", AssumeRolePolicyDocument=policies.trust(policies.FIREHOSE, [arn]))
    made.aws("firehose").create_delivery_stream(
        DeliveryStreamName="mail", ExtendedS3DestinationConfiguration=configuration(made)
    )
    yield made
    made.close()


def configuration(lab: Lab, **more: str) -> dict[str, str]:
    account = lab.aws("sts").get_caller_identity()["Account"]
    role = f"arn:aws:iam::{account}:role/writer"
    return {"BucketARN": f"arn:aws:s3:::{BUCKET}", "RoleARN": role, "Prefix": "mail/", **more}


def aws(lab: Lab) -> AwsClient:
    endpoints = dict.fromkeys(SERVICES, lab.settings.api_url("vendors/aws"))
    accounts = {"default": {"aws": {"region": REGION, "endpoints": [endpoints]}}}
    secrets = {"default": {"awsAccessKey": "AKIALAB1", "awsSecretKey": "not-a-secret"}}
    made: AwsClient = Clients(read_credentials(accounts, secrets, "dev")).client("aws", "default")
    return made


def event(kind: str = "Open", configuration_set: str = "news") -> str:
    return json.dumps({"eventType": kind, "mail": {"tags": {"ses:configuration-set": [configuration_set]}}})


def put(lab: Lab, name: str, content: bytes, hours_ago: int = 0) -> None:
    hour = (datetime.now(UTC) - timedelta(hours=hours_ago)).strftime("%Y/%m/%d/%H")
    lab.aws("s3").put_object(Bucket=BUCKET, Key=f"mail/{hour}/{name}", Body=content)


def read(lab: Lab, stream: str = "mail") -> Archived | NotReadable:
    now = datetime.now(UTC)
    return archived(aws(lab), REGION, stream, "news", now - timedelta(hours=1), now)


def test_events_of_one_set_are_counted_whether_a_file_is_packed_or_not(lab: Lab) -> None:
    put(lab, "a", f"{event()}\n{event('Click')}\n{event('Click', 'other')}\n".encode())
    put(lab, "b.gz", gzip.compress(f"{event('Rendering Failure')}\n".encode()) + gzip.compress(event().encode()))
    found = read(lab)
    assert isinstance(found, Archived)
    assert [(one.event, one.count) for one in found.events] == [("open", 2), ("click", 1), ("rendering-failure", 1)]
    assert (found.bucket, found.files, found.left_out, found.unread_lines) == (BUCKET, 2, 0, 0)


def test_what_is_no_event_is_counted_as_that_and_spoils_nothing(lab: Lab) -> None:
    strange = ["no json", "[]", "[" * 100_000, '{"eventType": "Odd"}', '{"eventType": ["Open"]}', "null", "\xff"]
    put(lab, "a", "\n".join([*strange, event()]).encode("latin-1"))
    put(lab, "b.gz", gzip.compress(event().encode())[:-12])
    put(lab, "c.gz", b"\x1f\x8bnothing of the kind")
    found = read(lab)
    assert isinstance(found, Archived)
    assert found.events[0].event == "open"
    assert (found.files, found.unread_lines) == (3, len(strange))
    assert found.left_out == 2, "those that cannot be unpacked to their end"


def test_an_older_hour_is_not_read(lab: Lab) -> None:
    put(lab, "old", event().encode(), hours_ago=3)
    found = read(lab)
    assert isinstance(found, Archived)
    assert (found.events, found.files) == ((), 0)


def test_no_more_is_read_than_there_is_memory_for(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "_MOST_OCTETS", 100_000)
    bomb = gzip.compress(b"0" * 50_000_000)
    put(lab, "bomb.gz", bomb)
    found = read(lab)
    assert isinstance(found, Archived)
    assert (found.files, found.left_out, found.unread_lines) == (1, 1, 0)
    lines = archive._Lines(io.BytesIO(b"a" * 3_000_000 + b"\nb\n"), 10_000_000)
    assert list(lines) == [b"", b"b"], "a line that is too long is one that is not read"


def test_the_newest_files_are_read_where_there_are_too_many(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "_MOST_FILES", 2)
    for name in ("a", "b", "c"):
        put(lab, name, event("Click" if name == "a" else "Open").encode())
    found = read(lab)
    assert isinstance(found, Archived)
    assert ([one.event for one in found.events], found.files, found.left_out) == (["open"], 2, 1)


@pytest.mark.parametrize(("more", "said"), [
    ({"CompressionFormat": "ZIP"}, "packs its files as ZIP"),
    ({"Prefix": "!{timestamp:yyyy}/"}, "an expression"),
    ({"BucketARN": "arn:aws:s3:::acme-absent"}, "AWS refuses: NoSuchBucket"),
])  # fmt: skip
def test_what_cannot_be_read_is_said_with_its_reason(lab: Lab, more: dict[str, str], said: str) -> None:
    wanted = configuration(lab, **more)
    lab.aws("firehose").create_delivery_stream(DeliveryStreamName="odd", ExtendedS3DestinationConfiguration=wanted)
    found = read(lab, "odd")
    assert isinstance(found, NotReadable)
    assert said in found.reason
    absent = read(lab, f"arn:aws:firehose:{REGION}:123456789012:deliverystream/absent")
    assert absent == NotReadable("AWS refuses: ResourceNotFoundException")


class Endless:
    """A bucket whose listing has no end."""

    def __init__(self) -> None:
        self.pages = 0

    def get_paginator(self, name: str) -> Endless:
        return self

    def paginate(self, **asked: str) -> Iterator[dict[str, object]]:
        while True:
            self.pages += 1
            assert self.pages < 100, "it was listed without a bound"
            now = datetime.now(UTC)
            yield {"Contents": [{"Key": f"mail/{self.pages}/{n}", "LastModified": now} for n in range(1000)]}


def test_a_listing_without_an_end_is_left_after_the_bound() -> None:
    bucket, now = Endless(), datetime.now(UTC)
    found = list(archive._keys(bucket, BUCKET, "mail/", now, now))
    assert (len(found), bucket.pages) == (10_000, 10)
