"""SES's resource types in a region other than the provider's own, against the lab's APIs."""

from __future__ import annotations

import pytest

from tests.lab.providers.harness import RefusedError

SET = "aws:sesv2/configurationSet:ConfigurationSet"
DESTINATION = "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination"
REGION = "us-east-2"
BUS = f"arn:aws:events:{REGION}:123456789012:event-bus/default"


def destination(**changes):
    wanted = {"matchingEventTypes": ["CLICK"], "enabled": True, "eventBridgeDestination": {"eventBusArn": BUS}}
    return {
        "configurationSetName": "news",
        "eventDestinationName": "bus",
        "region": REGION,
        "eventDestination": wanted | changes,
    }


def test_a_set_and_its_destination_live_in_their_own_region(aws):
    declared = {"configurationSetName": "news", "region": REGION}
    made = aws.resource(SET).create(declared)
    events = aws.resource(DESTINATION).create(destination())
    assert (made.id, events.id) == ("news", "news|bus")
    assert made.refresh()[0] == declared
    assert events.refresh()[0] == destination()
    assert made.changed({**declared, "region": "eu-west-2"})[1] == {"region"}
    assert events.changed(destination(matchingEventTypes=["OPEN"]))[1] == set()
    events.update(destination(matchingEventTypes=["OPEN"]))
    assert events.refresh()[0] == destination(matchingEventTypes=["OPEN"])
    with pytest.raises(RefusedError, match="AlreadyExistsException"):
        aws.resource(SET, "second").create(declared)
    events.delete()
    made.delete()
    assert made.refresh() is None


def test_an_import_looks_in_the_providers_region_unless_the_id_says_another(aws):
    declared = {"configurationSetName": "news", "region": REGION}
    made = aws.resource(SET).create(declared)
    events = aws.resource(DESTINATION).create(destination())
    assert aws.resource(SET).imported("news") is None
    assert aws.resource(DESTINATION).imported("news|bus") is None
    id_, inputs, outputs = aws.resource(SET).imported(f"news@{REGION}")
    assert (id_, inputs["region"], outputs["region"]) == ("news", REGION, REGION)
    id_, inputs, _ = aws.resource(DESTINATION).imported(f"news|bus@{REGION}")
    assert (id_, inputs["region"]) == ("news|bus", REGION)
    assert aws.resource(SET).imported("news@elsewhere") is None, "no region: part of the name"
    events.delete()
    made.delete()
