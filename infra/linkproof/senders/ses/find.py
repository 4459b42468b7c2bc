"""Finding at Amazon SES what a killed engine may have made: by its name, and proved ours by its tag."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.find import Candidate, Finder
from linkproof.senders.ses import event_finders
from linkproof.senders.ses.event_finders import doubt_of
from linkproof.senders.ses.items import ALARM, CONFIGURATION_SET, DASHBOARD, DESTINATION, IDENTITY, MAIL_FROM

if TYPE_CHECKING:
    from linkproof.vendors.aws.client import AwsClient

# Its name in the query protocol, which the JSON one keeps for old clients, and in the model.
_NO_DASHBOARD = ("ResourceNotFound", "DashboardNotFoundError")
WITHOUT_OBJECT: frozenset[str] = frozenset()


def configuration_sets(inputs: Mapping[str, Any], client: AwsClient) -> Iterator[Candidate]:
    """A name is one set in a region of an account."""
    name = str(inputs["configurationSetName"])
    ses = client.service("sesv2", inputs.get("region"))
    try:
        found = ses.get_configuration_set(ConfigurationSetName=name)
    except ses.exceptions.NotFoundException:
        return
    id_ = client.to_import(name, inputs.get("region"))
    yield Candidate(f"configuration set {name}", id_, doubt_of(found.get("Tags"), inputs), kept=name)


def identities(inputs: Mapping[str, Any], client: AwsClient) -> Iterator[Candidate]:
    """A domain is one identity in a region of an account."""
    domain = str(inputs["emailIdentity"])
    ses = client.service("sesv2", inputs.get("region"))
    try:
        found = ses.get_email_identity(EmailIdentity=domain)
    except ses.exceptions.NotFoundException:
        return
    doubt = doubt_of(found.get("Tags"), inputs)
    yield Candidate(f"identity {domain}", client.to_import(domain, inputs.get("region")), doubt, kept=domain)


def mail_from_domains(inputs: Mapping[str, Any], client: AwsClient) -> Iterator[Candidate]:
    """An identity has one or none; it carries no mark, and is ours when it is the host that was to be set."""
    domain = str(inputs["emailIdentity"])
    ses = client.service("sesv2", inputs.get("region"))
    try:
        host = ses.get_email_identity(EmailIdentity=domain)["MailFromAttributes"].get("MailFromDomain")
    except ses.exceptions.NotFoundException:
        return
    if host:
        doubt = "" if host == inputs.get("mailFromDomain") else f"it is {host}"
        id_ = client.to_import(domain, inputs.get("region"))
        yield Candidate(f"MAIL FROM domain of {domain}", id_, doubt, kept=domain)


def destinations(inputs: Mapping[str, Any], client: AwsClient) -> Iterator[Candidate]:
    """There is no call for one: the whole list is read. A destination carries no mark; it is ours when its set is asked for."""
    owner, name = str(inputs["configurationSetName"]), str(inputs["eventDestinationName"])
    ses = client.service("sesv2", inputs.get("region"))
    try:
        found = ses.get_configuration_set_event_destinations(ConfigurationSetName=owner)["EventDestinations"]
    except ses.exceptions.NotFoundException:
        return
    for one in found:
        if one["Name"] == name:
            wanted = set((inputs.get("eventDestination") or {}).get("matchingEventTypes") or ())
            same = set(one.get("MatchingEventTypes") or ()) == wanted
            doubt = "" if same else f"its events are {', '.join(sorted(one.get('MatchingEventTypes') or ()))}"
            id_ = f"{owner}|{name}"
            yield Candidate(
                f"event destination {name} of {owner}", client.to_import(id_, inputs.get("region")), doubt, kept=id_
            )


def alarms(inputs: Mapping[str, Any], client: AwsClient) -> Iterator[Candidate]:
    """A name is one alarm in a region of an account; a composite one is another kind."""
    name = str(inputs["name"])
    cloudwatch = client.service("cloudwatch", inputs.get("region"))
    for found in cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=["MetricAlarm"])["MetricAlarms"]:
        tagged = cloudwatch.list_tags_for_resource(ResourceARN=found["AlarmArn"])
        id_ = client.to_import(name, inputs.get("region"))
        yield Candidate(f"alarm {name}", id_, doubt_of(tagged["Tags"], inputs), kept=name)


def dashboards(inputs: Mapping[str, Any], client: AwsClient) -> Iterator[Candidate]:
    """A dashboard carries no mark; it is ours when it is exactly what was to be created."""
    name = str(inputs["dashboardName"])
    cloudwatch = client.service("cloudwatch", inputs.get("region"))
    try:
        found = cloudwatch.get_dashboard(DashboardName=name)["DashboardBody"]
    except cloudwatch.exceptions.ClientError as error:
        if error.response["Error"]["Code"] in _NO_DASHBOARD:
            return
        raise
    same = json.loads(found) == json.loads(str(inputs["dashboardBody"]))
    id_ = client.to_import(name, inputs.get("region"))
    yield Candidate(f"dashboard {name}", id_, "" if same else "it has other widgets", kept=name)


FINDERS: Mapping[str, Finder] = {
    IDENTITY: identities,
    MAIL_FROM: mail_from_domains,
    CONFIGURATION_SET: configuration_sets,
    DESTINATION: destinations,
    ALARM: alarms,
    DASHBOARD: dashboards,
    **event_finders.FINDERS,
}
