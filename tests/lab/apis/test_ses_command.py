"""The lab's SES held to the `aws` command line, which users paste into a shell: what it sends, how it shows an answer, how it says an error."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from linkproof_lab.senders.ses.control_plane.identities import SETTLED_KIND
from linkproof_lab.vendors.aws.control_plane.accounts import account_number

REPOSITORY = Path(__file__).resolve().parents[3]
LOCK = Path(__file__).parent / "clients" / "aws-requirements.txt"
ACCOUNT, REGION = account_number("AKIALAB1"), "us-east-1"
BUS = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"


@pytest.fixture(scope="session")
def command() -> Path:
    """The command in an environment of its own, kept by its lock; where it cannot be installed, only CI insists."""
    digest = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = REPOSITORY / ".cache" / f"awscli-{digest}"
    aws = folder / "bin" / "aws"
    if not (folder / ".complete").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True, timeout=300)
        pip = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        done = subprocess.run(
            [*pip, "--require-hashes", "-r", LOCK], check=False, capture_output=True, text=True, timeout=600
        )
        if done.returncode:
            assert not os.environ.get("CI"), done.stderr
            pytest.skip("the aws command line cannot be installed here")
        (folder / ".complete").touch()
    return aws


class Shell:
    """The command with a customer's keys."""

    def __init__(self, aws: Path, endpoint: str, home: Path) -> None:
        self._lead = [str(aws), "--endpoint-url", endpoint, "--region", REGION, "--output", "json"]
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "AWS_ACCESS_KEY_ID": "AKIALAB1",
            "AWS_SECRET_ACCESS_KEY": "not-a-secret",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_MAX_ATTEMPTS": "1",
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self._lead, *arguments], env=self._environment, capture_output=True, text=True, check=False, timeout=120
        )

    def said(self, *arguments: str) -> Any:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None

    def refused(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode != 0
        return done.stderr.strip()


@pytest.fixture
def shell(lab: Any, command: Path, tmp_path: Path) -> Shell:
    lab.store.put(SETTLED_KIND, "example.net", {"verified": True})
    return Shell(command, lab.settings.api_url("vendors/aws"), tmp_path)


def of_set(operation: str, *more: str) -> tuple[str, ...]:
    return ("sesv2", operation, "--configuration-set-name", "news", *more)


def test_a_set_is_made_put_and_shown(shell: Shell) -> None:
    domain = "CustomRedirectDomain=click.example.net"
    assert (
        shell.said(*of_set("create-configuration-set", "--tracking-options", f"{domain},HttpsPolicy=OPTIONAL")) is None
    )
    tracking = ("--custom-redirect-domain", "click.example.net", "--https-policy", "REQUIRE")
    shell.said(*of_set("put-configuration-set-tracking-options", *tracking))
    shown = shell.said(*of_set("get-configuration-set"))
    assert shown["TrackingOptions"] == {"CustomRedirectDomain": "click.example.net", "HttpsPolicy": "REQUIRE"}
    assert shell.said("sesv2", "list-configuration-sets")["ConfigurationSets"] == ["news"]
    again = shell.refused(*of_set("create-configuration-set"))
    assert "(AlreadyExistsException) when calling the CreateConfigurationSet operation" in again
    alone = shell.refused(*of_set("put-configuration-set-tracking-options", "--https-policy", "REQUIRE"))
    assert "(BadRequestException) when calling the PutConfigurationSetTrackingOptions operation" in alone
    shell.said(*of_set("put-configuration-set-tracking-options"))
    assert "TrackingOptions" not in shell.said(*of_set("get-configuration-set")), "a put without a word takes it away"


def test_a_destination_is_made_changed_shown_and_gets_a_mails_events(lab: Any, shell: Shell) -> None:
    shell.said(*of_set("create-configuration-set"))
    one = ("--event-destination-name", "one", "--event-destination")
    bus = {"Enabled": True, "MatchingEventTypes": ["SEND"], "EventBridgeDestination": {"EventBusArn": BUS}}
    shell.said(*of_set("create-configuration-set-event-destination", *one, json.dumps(bus)))
    wanted = {**bus, "MatchingEventTypes": ["SEND", "DELIVERY"]}
    shell.said(*of_set("update-configuration-set-event-destination", *one, json.dumps(wanted)))
    held = shell.said(*of_set("get-configuration-set-event-destinations"))["EventDestinations"]
    assert held == [{"Name": "one", **wanted}]
    odd = json.dumps({**bus, "MatchingEventTypes": ["NOPE"]})
    assert "(BadRequestException)" in shell.refused(*of_set("update-configuration-set-event-destination", *one, odd))
    two = json.dumps({**bus, "SnsDestination": {"TopicArn": f"arn:aws:sns:{REGION}:123456789012:t"}})
    assert "(BadRequestException)" in shell.refused(*of_set("update-configuration-set-event-destination", *one, two))
    sent = shell.said(
        *of_set("send-email", "--from-email-address", "news@example.net"),
        "--destination", "ToAddresses=reader@example.com",
        "--content", json.dumps({"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}}),
        "--email-tags", "Name=campaign,Value=spring",
    )  # fmt: skip
    events = [doc["detail"] for _, doc in lab.store.all("eventbridge-event")]
    assert sorted(event["eventType"] for event in events) == ["Delivery", "Send"]
    assert {event["mail"]["messageId"] for event in events} == {sent["MessageId"]}
    assert events[0]["mail"]["tags"]["campaign"] == ["spring"]
    shell.said(*of_set("delete-configuration-set-event-destination", "--event-destination-name", "one"))
    gone = shell.refused(*of_set("delete-configuration-set-event-destination", "--event-destination-name", "one"))
    assert "(NotFoundException)" in gone


def test_what_a_destination_needs_is_made_by_the_same_command(shell: Shell) -> None:
    """The services beside SES, as AWS's guide has them made by hand."""
    bucket, topic = "acme-mail", f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"
    assert shell.said("s3api", "create-bucket", "--bucket", bucket)["Location"] == f"/{bucket}"
    assert shell.said("s3api", "list-objects-v2", "--bucket", bucket).get("Contents") is None
    trust = {"Effect": "Allow", "Principal": {"Service": "firehose.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = shell.said("iam", "create-role", "--role-name", "writer", "--assume-role-policy-document", document)["Role"]
    assert role["AssumeRolePolicyDocument"]["Statement"] == [trust]
    configuration = f"BucketARN=arn:aws:s3:::{bucket},RoleARN={role['Arn']},Prefix=mail/"
    named = ("--delivery-stream-name", "mail")
    shell.said("firehose", "create-delivery-stream", *named, "--extended-s3-destination-configuration", configuration)
    described = shell.said("firehose", "describe-delivery-stream", *named)["DeliveryStreamDescription"]
    assert described["Destinations"][0]["ExtendedS3DestinationDescription"]["Prefix"] == "mail/"
    assert shell.said("sns", "create-topic", "--name", "alerts")["TopicArn"] == topic
    assert shell.said("sns", "get-topic-attributes", "--topic-arn", topic)["Attributes"]["Owner"] == ACCOUNT
    shell.said("events", "put-rule", "--name", "sent", "--event-pattern", '{"source":["aws.ses"]}')
    assert (
        shell.said("events", "put-targets", "--rule", "sent", "--targets", f"Id=a,Arn={topic}")["FailedEntryCount"] == 0
    )
    assert shell.said("events", "list-targets-by-rule", "--rule", "sent")["Targets"] == [{"Id": "a", "Arn": topic}]
    assert "(NoSuchEntity)" in shell.refused("iam", "get-role", "--role-name", "absent")
    assert shell.said("sts", "get-caller-identity")["Account"] == ACCOUNT
