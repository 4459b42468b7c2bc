"""SES v2 with the client that users have: error names of its own, puts that replace, and what no client checks."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from linkproof_lab.senders.ses.control_plane.identities import SETTLED_KIND
from linkproof_lab.senders.ses.links import HOST_KIND

HOST = "click.example.net"
BUS = "arn:aws:events:us-east-1:123456789012:event-bus/default"


@pytest.fixture
def ses(lab: Any) -> Any:
    lab.store.put(SETTLED_KIND, "example.net", {"verified": True})
    return lab.aws("sesv2")


def refused(call: Any, **arguments: Any) -> tuple[str, int]:
    with pytest.raises(ClientError) as raised:
        call(**arguments)
    response = raised.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


def destination(**kind: Any) -> dict[str, Any]:
    return {
        "Enabled": True,
        "MatchingEventTypes": ["CLICK"],
        **(kind or {"EventBridgeDestination": {"EventBusArn": BUS}}),
    }


def test_a_set_attaches_its_redirect_domain_and_is_read_as_it_was_made(lab: Any, ses: Any) -> None:
    ses.create_configuration_set(
        ConfigurationSetName="campaign",
        TrackingOptions={"CustomRedirectDomain": HOST, "HttpsPolicy": "OPTIONAL"},
        Tags=[{"Key": "a", "Value": "b"}],
    )
    held = ses.get_configuration_set(ConfigurationSetName="campaign")
    assert held["TrackingOptions"] == {"CustomRedirectDomain": HOST, "HttpsPolicy": "OPTIONAL"}
    assert held["Tags"] == [{"Key": "a", "Value": "b"}]
    assert held["ReputationOptions"]["ReputationMetricsEnabled"] is True, "on where v2 made it"
    assert ses.list_configuration_sets()["ConfigurationSets"] == ["campaign"]
    arn = "arn:aws:ses:us-east-1:123456789012:configuration-set/campaign"
    ses.tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": "c"}])
    assert ses.get_configuration_set(ConfigurationSetName="campaign")["Tags"] == [{"Key": "a", "Value": "c"}]
    assert lab.store.get(HOST_KIND, HOST) == {"region": "us-east-1"}
    assert refused(ses.create_configuration_set, ConfigurationSetName="campaign") == ("AlreadyExistsException", 400)
    ses.delete_configuration_set(ConfigurationSetName="campaign")
    assert refused(ses.get_configuration_set, ConfigurationSetName="campaign") == ("NotFoundException", 404)
    assert refused(ses.delete_configuration_set, ConfigurationSetName="campaign") == ("NotFoundException", 404)


def test_a_put_replaces_and_does_not_merge(ses: Any) -> None:
    whole = {"CustomRedirectDomain": HOST, "HttpsPolicy": "REQUIRE"}
    ses.create_configuration_set(ConfigurationSetName="campaign", TrackingOptions=whole)
    put = ses.put_configuration_set_tracking_options
    assert refused(put, ConfigurationSetName="campaign", HttpsPolicy="OPTIONAL") == ("BadRequestException", 400)
    assert ses.get_configuration_set(ConfigurationSetName="campaign")["TrackingOptions"] == whole
    put(ConfigurationSetName="campaign")
    assert "TrackingOptions" not in ses.get_configuration_set(ConfigurationSetName="campaign")


@pytest.mark.parametrize(
    "tracking",
    [
        {"CustomRedirectDomain": "click.example.org", "HttpsPolicy": "OPTIONAL"},
        {"CustomRedirectDomain": "notexample.net"},
        {"CustomRedirectDomain": HOST, "HttpsPolicy": "ALWAYS"},
    ],
    ids=["not verified", "ends like one that is", "unknown policy"],
)
def test_what_no_client_checks_is_a_bad_request(ses: Any, tracking: dict[str, str]) -> None:
    create = ses.create_configuration_set
    assert refused(create, ConfigurationSetName="x", TrackingOptions=tracking) == ("BadRequestException", 400)
    assert refused(create, ConfigurationSetName="a b") == ("BadRequestException", 400)
    assert ses.list_configuration_sets()["ConfigurationSets"] == []


def test_sets_belong_to_a_region(lab: Any, ses: Any) -> None:
    ses.create_configuration_set(ConfigurationSetName="campaign")
    assert (
        refused(lab.aws("sesv2", region="eu-west-1").get_configuration_set, ConfigurationSetName="campaign")[1] == 404
    )


DIMENSION = {"DimensionName": "ses:from-domain", "DimensionValueSource": "MESSAGE_TAG", "DefaultDimensionValue": "none"}


@pytest.mark.parametrize(
    ("wanted", "ok"),
    [
        (destination(), True),
        (destination(CloudWatchDestination={"DimensionConfigurations": [DIMENSION]}), True),
        (destination(CloudWatchDestination={"DimensionConfigurations": [DIMENSION | {"DimensionName": "a:b"}]}), False),
        (destination(CloudWatchDestination={"DimensionConfigurations": [DIMENSION | {"DefaultDimensionValue": "a b"}]}), False),
        (destination(CloudWatchDestination={"DimensionConfigurations": [DIMENSION | {"DimensionValueSource": "NONSENSE"}]}), False),
        (destination(EventBridgeDestination={"EventBusArn": BUS.replace("default", "own")}), False),
        (destination(SnsDestination={"TopicArn": "arn:aws:sns:us-east-1:123456789012:events.fifo"}), False),
        (destination(SnsDestination={"TopicArn": "arn:aws:sns:us-east-1:123456789012:events"}, EventBridgeDestination={"EventBusArn": BUS}), False),
        ({"Enabled": True, "MatchingEventTypes": ["CLICK"]}, False),
        (destination() | {"MatchingEventTypes": ["CLICKED"]}, False),
        (destination() | {"MatchingEventTypes": []}, False),
    ],
)  # fmt: skip
def test_a_destination_has_one_kind_known_types_and_lawful_dimensions(
    ses: Any, wanted: dict[str, Any], ok: bool
) -> None:
    ses.create_configuration_set(ConfigurationSetName="campaign")
    add = ses.create_configuration_set_event_destination
    arguments = {"ConfigurationSetName": "campaign", "EventDestinationName": "one", "EventDestination": wanted}
    if not ok:
        assert refused(add, **arguments) == ("BadRequestException", 400)
        return
    add(**arguments)
    (held,) = ses.get_configuration_set_event_destinations(ConfigurationSetName="campaign")["EventDestinations"]
    assert held == {"Name": "one", **wanted}
    assert refused(add, **arguments) == ("AlreadyExistsException", 400)


def test_ten_destinations_and_no_more_and_disabled_unless_said(ses: Any) -> None:
    ses.create_configuration_set(ConfigurationSetName="campaign")
    wanted = {key: value for key, value in destination().items() if key != "Enabled"}
    for number in range(11):
        arguments = {
            "ConfigurationSetName": "campaign",
            "EventDestinationName": f"n{number}",
            "EventDestination": wanted,
        }
        if number == 10:
            assert refused(ses.create_configuration_set_event_destination, **arguments) == (
                "LimitExceededException",
                400,
            )
        else:
            ses.create_configuration_set_event_destination(**arguments)
    held = ses.get_configuration_set_event_destinations(ConfigurationSetName="campaign")["EventDestinations"]
    assert [one["Enabled"] for one in held] == [False] * 10
    arguments = {"ConfigurationSetName": "campaign", "EventDestinationName": "nobody"}
    assert refused(ses.delete_configuration_set_event_destination, **arguments) == ("NotFoundException", 404)


def test_one_request_a_second_is_hidden_by_the_clients_retries(lab: Any, ses: Any) -> None:
    lab.store.put("rate-limit", "ses", {"requests": 0, "per_seconds": 3600})
    assert refused(ses.list_configuration_sets) == ("TooManyRequestsException", 429)
