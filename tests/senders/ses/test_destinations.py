"""What is made for event destinations: each thing once, each behind what it needs, and its policies as AWS writes them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from linkproof.contract.values import Late
from linkproof.errors import LinkproofError
from linkproof.plan.build import build
from linkproof.plan.model import Plan
from linkproof.senders.ses import policies
from linkproof.senders.ses.event_items import Bucket, Role, RolePolicy, Rule, Stream, Target, Topic, TopicPolicy
from linkproof.senders.ses.items import EventDestination

from tests.managed import read
from tests.plan.declared import of

TEXT = """version: 1
zones:
  example.net: {dns: route53, id: Z0EXAMPLE0NET}
senders:
  mail:
    provider: ses
    region: REGION
    manage:
      configuration_sets:
        news:
          link: one
          events:
            archive: {to: firehose, types: [open], stream: mail, bucket: acme-mail}
            alerts: {to: sns, types: [bounce], topic: alerts}
            rules: {to: eventbridge, types: [delivery, send], rule: sent, target: "arn:aws:sqs:eu-west-1:123456789012:q"}
        other:
          link: one
          events:
            archive: {to: firehose, types: [click], stream: mail, bucket: acme-mail}
            lake: {to: firehose, types: [click], stream: lake, bucket: "arn:aws:s3:::acme-lake"}
            alerts: {to: sns, types: [complaint], topic: alerts}
            rules: {to: eventbridge, types: [delivery]}
edges:
  aws: {provider: cloudfront}
links:
  one: {sender: mail, click_host: click.example.net, edge: aws, phase: PHASE}
"""
SETS = ("default/eu-west-1/news", "default/eu-west-1/other")
ARNS = [f"arn:aws:ses:eu-west-1:123456789012:configuration-set/{name}" for name in ("news", "other")]


def planned(phase: str = "branded") -> Plan:
    return build(read(TEXT.replace("PHASE", phase).replace("REGION", "eu-west-1")))


def test_what_two_destinations_name_is_made_once_and_for_both_sets() -> None:
    plan = planned()
    assert [one.name for one in of(plan, Bucket)] == ["acme-mail"]
    assert {one.name: one.bucket for one in of(plan, Stream)} == {
        "mail": "arn:aws:s3:::acme-mail",
        "lake": "arn:aws:s3:::acme-lake",
    }
    trusted = {one.name: one.sources for one in of(plan, Role) if one.service == policies.SES}
    assert trusted == {"mail-eu-west-1-ses": SETS, "lake-eu-west-1-ses": SETS[1:]}
    (topic,) = of(plan, Topic)
    (policy,) = of(plan, TopicPolicy)
    assert (topic.name, policy.topic.item, policy.sources) == ("alerts", topic.resource, SETS)


def test_each_stands_behind_what_it_needs_and_a_destination_behind_its_policies() -> None:
    plan = planned()
    order = [one.resource for one in plan.objects]
    for one in plan.objects:
        for need in one.needs:
            assert need not in order or order.index(need) < order.index(one.resource), (one.resource, need)
    found = {one.resource: one for one in of(plan, EventDestination)}
    archive, alerts, rules = (found[f"{SETS[0]}/{name}"] for name in ("archive", "alerts", "rules"))
    assert "default/iam.role/mail-eu-west-1-ses/put" in archive.needs
    assert "default/eu-west-1/sns.topic/alerts/policy" in alerts.needs
    assert "default/eu-west-1/events.rule/sent/target" in rules.needs
    (stream,) = [one for one in of(plan, Stream) if one.name == "mail"]
    assert {"default/iam.role/mail-eu-west-1-firehose/write", "default/s3.bucket/acme-mail"} <= set(stream.needs)


def test_a_role_may_do_what_its_guide_says_and_to_one_thing() -> None:
    may = {one.role.rpartition("/")[2]: one for one in of(planned(), RolePolicy)}
    assert may["mail-eu-west-1-ses"].may == ("firehose:PutRecordBatch",)
    assert may["mail-eu-west-1-ses"].on == (Late("default/eu-west-1/firehose.stream/mail", "arn"),)
    assert "s3:PutObject" in may["lake-eu-west-1-firehose"].may
    assert may["lake-eu-west-1-firehose"].on == ("arn:aws:s3:::acme-lake", "arn:aws:s3:::acme-lake/*")


def test_a_rule_names_the_detail_types_and_the_set_and_the_bus_need_not_be_named() -> None:
    plan = planned()
    (rule,), (target,) = of(plan, Rule), of(plan, Target)
    assert json.loads(rule.pattern) == {
        "source": ["aws.ses"],
        "detail-type": ["Email Delivered", "Email Sent"],
        "detail": {"mail": {"tags": {"ses:configuration-set": ["news"]}}},
    }
    assert (target.arn, target.needs) == ("arn:aws:sqs:eu-west-1:123456789012:q", (rule.resource,))
    buses = [dict(one.arns)["bus"] for one in of(plan, EventDestination) if one.to == "eventbridge"]
    assert buses == [Late(one, "bus") for one in SETS]
    assert policies.default_bus(ARNS[0]) == "arn:aws:events:eu-west-1:123456789012:event-bus/default"


@pytest.mark.parametrize(("phase", "held"), [("branded", False), ("ready", False), ("live", True), ("secured", True)])
def test_what_holds_events_is_protected_while_its_links_are_in_use(phase: str, held: bool) -> None:
    plan = planned(phase)
    assert {one.protect for one in (*of(plan, Bucket), *of(plan, Topic))} == {held}


def test_arns_have_their_regions_partition() -> None:
    streams = of(build(read(_in_gov())), Stream)
    assert [one.bucket for one in streams] == ["arn:aws-us-gov:s3:::acme-mail"]


def _in_gov() -> str:
    lines = TEXT.replace("PHASE", "branded").replace("REGION", "us-gov-west-1").splitlines()
    kept = [line for line in lines if "lake:" not in line and "rules:" not in line]
    return "\n".join(kept)


def test_a_trust_policy_names_the_sets_and_their_account() -> None:
    (ours,) = json.loads(policies.trust(policies.SES, ARNS))["Statement"]
    assert ours["Principal"] == {"Service": "ses.amazonaws.com"}
    assert ours["Condition"] == {"StringEquals": {"AWS:SourceAccount": "123456789012", "AWS:SourceArn": ARNS}}
    (own,) = json.loads(policies.trust(policies.FIREHOSE, ARNS))["Statement"]
    assert own["Condition"] == {"StringEquals": {"sts:ExternalId": "123456789012"}}
    with pytest.raises(LinkproofError, match="does not say its account") as refused:
        policies.trust(policies.SES, ["arn:aws:ses:eu-west-1::configuration-set/news"])
    assert "skipRequestingAccountId" in refused.value.fix


def test_a_stack_without_such_a_destination_imports_nothing_of_theirs() -> None:
    asked = (
        "import sys, linkproof.senders.ses.component; print([n for n in sys.modules if n.startswith('pulumi_aws.')])"
    )
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=120).stdout
    for part in ("kinesis", "s3", "iam", "sns"):
        assert f"'pulumi_aws.{part}." not in said
