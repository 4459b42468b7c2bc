"""Finding what a killed engine may have created, at the lab's real APIs: by natural key, and proved ours."""

from __future__ import annotations

from typing import Any

import pytest
from linkproof.dns.rfc2136.state import RECORD_TYPE as RECORD_SET
from linkproof.edges.azure import items as azure_items
from linkproof.edges.azure import state as azure_state
from linkproof.edges.cloudfront.items import CONNECTION_GROUP, MULTITENANT, TENANT
from linkproof.edges.fastly.items import ACTIVATION, SERVICE, SUBSCRIPTION
from linkproof.edges.gcp import items
from linkproof.edges.gcp import state as gcp_state
from linkproof.edges.keycdn.items import ZONE, ZONE_ALIAS
from linkproof.engine.clients import Clients
from linkproof.engine.find import Held, NotOursError, find, finders
from linkproof.errors import LinkproofError
from linkproof.senders.sendgrid.items import API_KEY, BRANDING, DOMAIN, SUBUSER, WEBHOOK
from linkproof.senders.ses import event_items, policies
from linkproof.senders.ses.items import ALARM, CONFIGURATION_SET, DASHBOARD, DESTINATION, IDENTITY, MAIL_FROM
from linkproof.senders.sparkpost.items import TRACKING_DOMAIN
from linkproof_lab.vendors.azure import facts as azure_facts
from linkproof_lab.vendors.gcp.facts import GCP_TOKEN, endpoints

from tests.engine_state.deployed import clients_of
from tests.lab.apis.cloudfront_samples import cache_config, config, policy_config
from tests.lab.apis.conftest import AZURE_ZONE, CF_ZONE, GCP_ZONE, R53_ZONE, Lab

OWNER = "organization/linkproof/dev"
COMMENT = f"linkproof {OWNER}"
TAGS = {"linkproof:stack": OWNER}
RECORD = "aws:route53/record:Record"
CF_RECORD = "cloudflare:index/dnsRecord:DnsRecord"
GCP_RECORD = "gcp:dns/recordSet:RecordSet"
AZURE_RECORD = "azure-native:dns:RecordSet"
RULESET = "cloudflare:index/ruleset:Ruleset"
CERTIFICATE = "aws:acm/certificate:Certificate"
POLICY = "aws:cloudfront/originRequestPolicy:OriginRequestPolicy"
CACHE_POLICY = "aws:cloudfront/cachePolicy:CachePolicy"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"


def found(clients: Clients, rtype: str, **inputs: Any) -> str | None:
    return find(rtype, inputs, clients, "default")


# Route 53 -----------------------------------------------------------------------------------------
def test_a_route53_record_is_found_by_its_name_type_and_values(vendors: Lab, clients: Clients) -> None:
    inputs = {"zoneId": R53_ZONE, "name": "r1.example.net", "type": "CNAME", "records": ["sendgrid.net"], "ttl": 300}
    assert found(clients, RECORD, **inputs) is None
    vendors.records(("CREATE", "r1.example.net", "CNAME", ["sendgrid.net"], 300))
    assert found(clients, RECORD, **inputs) == f"{R53_ZONE}_r1.example.net_CNAME"
    # ACM writes its names with a dot at the end, the provider's id has none
    assert found(clients, RECORD, **{**inputs, "name": "r1.example.net."}) == f"{R53_ZONE}_r1.example.net_CNAME"


def test_a_route53_alias_is_found_by_where_it_leads(vendors: Lab, clients: Clients) -> None:
    leads = {"HostedZoneId": "Z2FDTNDATAQYW2", "DNSName": "d1.cloudfront.net.", "EvaluateTargetHealth": False}
    record_set = {"Name": "r5.example.net", "Type": "A", "AliasTarget": leads}
    vendors.aws("route53").change_resource_record_sets(
        HostedZoneId=R53_ZONE, ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": record_set}]}
    )
    vendors.records(("UPSERT", "r6.example.net", "A", ["192.0.2.1"], 300))
    alias = {"name": "d1.cloudfront.net", "zoneId": "Z2FDTNDATAQYW2", "evaluateTargetHealth": False}
    inputs = {"zoneId": R53_ZONE, "name": "r5.example.net", "type": "A"}
    assert found(clients, RECORD, **inputs, aliases=[alias]) == f"{R53_ZONE}_r5.example.net_A"
    for changed, words in (({"name": "d2.cloudfront.net"}, "alias of d1"), ({"zoneId": "Z1"}, "hosted zone Z2FDTN")):
        with pytest.raises(NotOursError, match=words):
            found(clients, RECORD, **inputs, aliases=[alias | changed])
    with pytest.raises(NotOursError, match="is no alias"):
        found(clients, RECORD, **{**inputs, "name": "r6.example.net"}, aliases=[alias])


@pytest.mark.parametrize("other", [{"records": ["other.example"]}, {"ttl": 60}], ids=["value", "ttl"])
def test_a_route53_record_with_other_data_is_not_ours(vendors: Lab, clients: Clients, other: dict[str, Any]) -> None:
    vendors.records(("UPSERT", "r2.example.net", "CNAME", ["sendgrid.net"], 300))
    inputs = {"zoneId": R53_ZONE, "name": "r2.example.net", "type": "CNAME", "records": ["sendgrid.net"], "ttl": 300}
    with pytest.raises(NotOursError, match=r"r2\.example\.net CNAME") as refused:
        found(clients, RECORD, **(inputs | other))
    assert "then run this again" in refused.value.fix


def test_a_name_after_the_wanted_one_is_not_taken_for_it(vendors: Lab, clients: Clients) -> None:
    vendors.records(("UPSERT", "r3b.example.net", "CNAME", ["sendgrid.net"], 300))
    inputs = {"zoneId": R53_ZONE, "name": "r3a.example.net", "type": "CNAME", "records": ["sendgrid.net"], "ttl": 300}
    assert found(clients, RECORD, **inputs) is None


def test_a_text_is_found_however_many_quotation_marks_each_side_writes(vendors: Lab, clients: Clients) -> None:
    name, comment = "_linkproof.r4.example.net", {"comment": COMMENT}
    vendors.records(("UPSERT", name, "TXT", ['"acme-prod-7f3a"'], 300))
    inputs = {"zoneId": R53_ZONE, "name": name, "type": "TXT", "ttl": 300}
    assert found(clients, RECORD, **inputs, records=["acme-prod-7f3a"]) == f"{R53_ZONE}_{name}_TXT"
    with pytest.raises(NotOursError, match="it holds"):
        found(clients, RECORD, **inputs, records=["acme-prod-0000"])
    there = {"name": "_linkproof.c4.example.com", "type": "TXT", "content": '"acme-prod-7f3a"', "ttl": 300, **comment}
    made = vendors.cloudflare().dns.records.create(zone_id=CF_ZONE, proxied=False, **there)  # type: ignore[call-overload]
    assert found(clients, CF_RECORD, zoneId=CF_ZONE, **there) == f"{CF_ZONE}/{made.id}"


# Cloudflare ---------------------------------------------------------------------------------------
def test_a_cloudflare_record_is_found_by_its_name_type_and_content(vendors: Lab, clients: Clients) -> None:
    inputs = {
        "zoneId": CF_ZONE,
        "name": "c1.example.com",
        "type": "CNAME",
        "content": "sendgrid.net",
        "ttl": 300,
        "proxied": False,
        "comment": COMMENT,
    }
    assert found(clients, CF_RECORD, **inputs) is None
    made = vendors.cloudflare().dns.records.create(
        zone_id=CF_ZONE,
        name="c1.example.com",
        type="CNAME",
        content="sendgrid.net",
        ttl=300,
        proxied=False,
        comment=COMMENT,
    )
    assert found(clients, CF_RECORD, **inputs) == f"{CF_ZONE}/{made.id}", "as it is imported"
    theirs = {"comment": "linkproof organization/other/dev"}
    for other in ({"content": "other.example"}, {"proxied": True}, theirs, {"comment": None}):
        with pytest.raises(NotOursError):
            found(clients, CF_RECORD, **(inputs | other))


def test_a_ruleset_is_ours_when_it_has_our_rules_and_no_others(vendors: Lab, clients: Clients) -> None:
    phase = "http_request_cache_settings"
    rule = {"ref": "linkproof_cache_cf_1", "action": "set_cache_settings", "action_parameters": {"cache": False},
            "expression": 'http.host in {"url1.example.com"}', "description": "ours", "enabled": True}  # fmt: skip
    inputs = {"zoneId": CF_ZONE, "phase": phase, "rules": [{"ref": rule["ref"]}], "description": COMMENT}
    assert found(clients, RULESET, **inputs) is None
    made = vendors.cloudflare().rulesets.create(
        zone_id=CF_ZONE, kind="zone", name="default", phase=phase, rules=[rule], description=COMMENT
    )  # type: ignore[arg-type]
    assert found(clients, RULESET, **inputs) == f"zones/{CF_ZONE}/{made['id']}"  # the SDK leaves this answer a dict
    with pytest.raises(NotOursError, match="other rules than ours"):
        found(clients, RULESET, **{**inputs, "rules": [{"ref": "linkproof_cache_other_1"}]})
    with pytest.raises(NotOursError, match="its description says"):
        found(clients, RULESET, **{**inputs, "description": "linkproof organization/other/dev"})
    assert found(clients, RULESET, **{**inputs, "phase": "http_config_settings"}) is None


def test_a_refused_token_is_said_without_the_token(vendors: Lab) -> None:
    api = f"{vendors.settings.api_url('vendors/cloudflare')}/client/v4"
    bare = clients_of(
        {"default": {"cloudflare": {"baseUrl": api}}}, {"default": {"cloudflareApiToken": "planted-5b1f9c"}}
    )
    with pytest.raises(LinkproofError) as refused:
        found(bare, CF_RECORD, zoneId="no-such-zone", name="a.example.com", type="CNAME", content="b.example")
    assert "planted-5b1f9c" not in str(refused.value)


def test_without_a_token_the_fix_names_where_to_put_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLOUDFLARE_API_TOKEN", raising=False)
    with pytest.raises(LinkproofError, match="no Cloudflare token for account dns") as refused:
        clients_of({"dns": {}}, {}).client("cloudflare", "dns")
    assert "CLOUDFLARE_API_TOKEN" in refused.value.fix


# ACM and CloudFront -------------------------------------------------------------------------------
OTHERS = ["organization/other/dev", "acme/linkproof/dev", "organization/linkproof/prod", "dev", None]


def test_a_certificate_is_ours_by_its_mark_and_others_are_no_obstacle(vendors: Lab, clients: Clients) -> None:
    acm = vendors.aws("acm")

    def request(mark: str | None) -> str:
        tags = {"Tags": [{"Key": "linkproof:stack", "Value": mark}]} if mark else {}
        arn: str = acm.request_certificate(DomainName="a1.example.net", ValidationMethod="DNS", **tags)[
            "CertificateArn"
        ]
        return arn

    for mark in OTHERS:
        request(mark)
    inputs = {"domainName": "a1.example.net", "region": "us-east-1"}
    assert found(clients, CERTIFICATE, **inputs, tags=TAGS) is None
    assert found(clients, CERTIFICATE, **inputs) is None, "what has no mark cannot be told apart"
    ours = request(OWNER)
    assert found(clients, CERTIFICATE, **inputs, tags=TAGS) == ours


@pytest.mark.parametrize("other", ["linkproof organization/other/dev", "somebody's", "", None])
def test_a_policy_is_ours_by_the_mark_in_its_comment(vendors: Lab, clients: Clients, other: str | None) -> None:
    name = f"linkproof-dev-{'none' if other is None else len(other)}"
    assert found(clients, POLICY, name=name, comment=COMMENT) is None
    made = vendors.aws("cloudfront").create_origin_request_policy(
        OriginRequestPolicyConfig={**policy_config(name), "Comment": COMMENT}
    )
    assert found(clients, POLICY, name=name, comment=COMMENT) == made["OriginRequestPolicy"]["Id"]
    with pytest.raises(NotOursError, match="its comment says linkproof organization/linkproof/dev, not"):
        found(clients, POLICY, name=name, comment=other)
    # a cache policy may have the same name
    assert found(clients, CACHE_POLICY, name=name, comment=COMMENT) is None
    cache = vendors.aws("cloudfront").create_cache_policy(
        CachePolicyConfig={**cache_config(name, 10), "Comment": COMMENT}
    )
    assert found(clients, CACHE_POLICY, name=name, comment=COMMENT) == cache["CachePolicy"]["Id"]
    with pytest.raises(
        NotOursError, match=r"cache policy .* its comment says linkproof organization/linkproof/dev, not"
    ):
        found(clients, CACHE_POLICY, name=name, comment=other)


@pytest.mark.parametrize(("tag", "ours"), [(OWNER, True), *((other, False) for other in OTHERS)])
def test_a_distribution_is_ours_by_its_alias_and_its_mark(
    vendors: Lab, clients: Clients, tag: str | None, ours: bool
) -> None:
    host = f"d-{tag}.example.net".lower().replace("/", "-")
    assert found(clients, DISTRIBUTION, aliases=[host], tags=TAGS) is None
    wanted = config(host, aliases=(host,), certificate=vendors.certificate(host))
    cloudfront = vendors.aws("cloudfront")
    tags = {"Items": [{"Key": "linkproof:stack", "Value": tag}] if tag else []}
    made = cloudfront.create_distribution_with_tags(
        DistributionConfigWithTags={"DistributionConfig": wanted, "Tags": tags}
    )
    if ours:
        assert found(clients, DISTRIBUTION, aliases=[host], tags=TAGS) == made["Distribution"]["Id"]
    else:
        with pytest.raises(NotOursError, match=f"its tag linkproof:stack says {tag or 'nothing'}, not {OWNER}"):
            found(clients, DISTRIBUTION, aliases=[host], tags=TAGS)
    with pytest.raises(NotOursError):
        found(clients, DISTRIBUTION, aliases=[host])


@pytest.mark.parametrize(("tag", "ours"), [(OWNER, True), (OTHERS[0], False)])
def test_a_tenant_and_what_it_shares_are_ours_by_their_marks(
    vendors: Lab, clients: Clients, tag: str | None, ours: bool
) -> None:
    cloudfront, host = vendors.aws("cloudfront"), f"t-{ours}.example.net".lower()
    tags = {"Items": [{"Key": "linkproof:stack", "Value": tag}] if tag else []}
    wanted = config(host, ConnectionMode="tenant-only", TenantConfig={})
    wanted["Origins"]["Items"][0]["DomainName"] = host
    shared = cloudfront.create_distribution_with_tags(
        DistributionConfigWithTags={"DistributionConfig": wanted, "Tags": tags}
    )["Distribution"]["Id"]
    group = cloudfront.create_connection_group(Name=f"g-{ours}", Tags=tags)["ConnectionGroup"]["Id"]
    tenant = cloudfront.create_distribution_tenant(
        DistributionId=shared,
        ConnectionGroupId=group,
        Name=f"n-{ours}",
        Domains=[{"Domain": host}],
        Customizations={"Certificate": {"Arn": vendors.certificate(host)}},
        Tags=tags,
    )["DistributionTenant"]["Id"]
    asked = [
        (CONNECTION_GROUP, {"name": f"g-{ours}"}, group),
        (TENANT, {"domains": [{"domain": host}]}, tenant),
    ]
    for rtype, inputs, ident in asked:
        if ours:
            assert found(clients, rtype, **inputs, tags=TAGS) == ident
        else:
            with pytest.raises(NotOursError, match=f"its tag linkproof:stack says {tag or 'nothing'}, not {OWNER}"):
                found(clients, rtype, **inputs, tags=TAGS)
    assert found(clients, TENANT, domains=[{"domain": "t-none.example.net"}], tags=TAGS) is None
    # others may forward to the same origin as well
    origin = [{"domainName": host}]
    assert found(clients, MULTITENANT, origins=origin, tags=TAGS) == (shared if ours else None)


def test_what_was_made_under_the_old_mark_is_proved_by_what_it_was_made_with(vendors: Lab, clients: Clients) -> None:
    """A stack that an older linkproof deployed: the interrupted create says with which mark it was sent."""
    acm = vendors.aws("acm")
    tags = [{"Key": "linkproof:stack", "Value": "dev"}]
    made = acm.request_certificate(DomainName="old.example.net", ValidationMethod="DNS", Tags=tags)["CertificateArn"]
    old = {"linkproof:stack": "dev"}
    assert found(clients, CERTIFICATE, domainName="old.example.net", region="us-east-1", tags=old) == made
    assert found(clients, CERTIFICATE, domainName="old.example.net", region="us-east-1", tags=TAGS) is None


# the registry -------------------------------------------------------------------------------------
def test_an_unknown_type_is_said_with_a_fix(clients: Clients) -> None:
    with pytest.raises(LinkproofError, match="no way is known to find a aws:s3/bucketPolicy:BucketPolicy") as refused:
        found(clients, "aws:s3/bucketPolicy:BucketPolicy")
    assert "pulumi import" in refused.value.fix


def test_every_type_that_the_program_makes_at_a_vendor_can_be_found() -> None:
    at_sendgrid, at_ses = (
        {BRANDING, API_KEY, WEBHOOK, DOMAIN, SUBUSER},
        {IDENTITY, MAIL_FROM, CONFIGURATION_SET, DESTINATION, ALARM, DASHBOARD, *event_items.TYPES},
    )
    assert set(finders()) == {
        RECORD,
        CF_RECORD,
        RULESET,
        CERTIFICATE,
        POLICY,
        CACHE_POLICY,
        DISTRIBUTION,
        CONNECTION_GROUP,
        MULTITENANT,
        TENANT,
        *at_sendgrid,
        *at_ses,
        TRACKING_DOMAIN,
        RECORD_SET,
        SERVICE,
        SUBSCRIPTION,
        ACTIVATION,
        GCP_RECORD,
        *gcp_state.TYPES,
        AZURE_RECORD,
        *azure_state.TYPES,
        ZONE,
        ZONE_ALIAS,
    }


# Amazon SES ---------------------------------------------------------------------------------------
BUS = "arn:aws:events:us-east-1:123456789012:event-bus/default"


def test_a_configuration_set_is_ours_by_its_tag_and_a_destination_by_its_events(vendors: Lab, clients: Clients) -> None:
    ses = vendors.aws("sesv2")
    wanted = {"configurationSetName": "found", "region": "us-east-1", "tags": TAGS}
    events = {**wanted, "eventDestinationName": "one", "eventDestination": {"matchingEventTypes": ["CLICK"]}}
    assert found(clients, CONFIGURATION_SET, **wanted) is None
    assert found(clients, DESTINATION, **events) is None
    ses.create_configuration_set(
        ConfigurationSetName="found", Tags=[{"Key": key, "Value": value} for key, value in TAGS.items()]
    )
    assert found(clients, DESTINATION, **events) is None
    ses.create_configuration_set_event_destination(
        ConfigurationSetName="found",
        EventDestinationName="one",
        EventDestination={"MatchingEventTypes": ["CLICK"], "EventBridgeDestination": {"EventBusArn": BUS}},
    )
    assert found(clients, CONFIGURATION_SET, **wanted) == "found@us-east-1", "no provider looks for a name elsewhere"
    assert found(clients, DESTINATION, **events) == "found|one@us-east-1"
    with pytest.raises(NotOursError, match="its events are CLICK"):
        found(clients, DESTINATION, **{**events, "eventDestination": {"matchingEventTypes": ["OPEN"]}})
    with pytest.raises(NotOursError, match="its tag linkproof:stack says"):
        found(clients, CONFIGURATION_SET, **{**wanted, "tags": {"linkproof:stack": "organization/linkproof/other"}})
    assert found(clients, CONFIGURATION_SET, **{**wanted, "region": "eu-west-1"}) is None, "a set belongs to a region"


def test_an_identity_is_ours_by_its_tag(vendors: Lab, clients: Clients) -> None:
    wanted = {"emailIdentity": "found.example", "region": "us-east-1", "tags": TAGS}
    assert found(clients, IDENTITY, **wanted) is None
    vendors.aws("sesv2").create_email_identity(
        EmailIdentity="found.example", Tags=[{"Key": key, "Value": value} for key, value in TAGS.items()]
    )
    assert found(clients, IDENTITY, **wanted) == "found.example@us-east-1"
    with pytest.raises(NotOursError, match="its tag linkproof:stack says"):
        found(clients, IDENTITY, **{**wanted, "tags": {"linkproof:stack": "organization/linkproof/other"}})


def test_a_mail_from_domain_is_ours_when_it_is_the_host_that_was_to_be_set(vendors: Lab, clients: Clients) -> None:
    wanted = {"emailIdentity": "bounced.example", "mailFromDomain": "b.bounced.example", "region": "us-east-1"}
    ses = vendors.aws("sesv2")
    assert found(clients, MAIL_FROM, **wanted) is None
    ses.create_email_identity(EmailIdentity="bounced.example")
    assert found(clients, MAIL_FROM, **wanted) is None, "an identity without one has none of ours"
    ses.put_email_identity_mail_from_attributes(EmailIdentity="bounced.example", MailFromDomain="b.bounced.example")
    assert found(clients, MAIL_FROM, **wanted) == "bounced.example@us-east-1"
    with pytest.raises(NotOursError, match=r"it is b\.bounced"):
        found(clients, MAIL_FROM, **{**wanted, "mailFromDomain": "c.bounced.example"})


def test_an_alarm_is_ours_by_its_tag_and_a_dashboard_by_its_widgets(vendors: Lab, clients: Clients) -> None:
    cloudwatch = vendors.aws("cloudwatch")
    alarm = {"name": "found", "region": "us-east-1", "tags": TAGS}
    board = {"dashboardName": "found", "region": "us-east-1", "dashboardBody": '{"widgets": []}'}
    assert found(clients, ALARM, **alarm) is None
    assert found(clients, DASHBOARD, **board) is None
    cloudwatch.put_metric_alarm(
        AlarmName="found", ComparisonOperator="LessThanThreshold", EvaluationPeriods=1, Period=60,
        Tags=[{"Key": key, "Value": value} for key, value in TAGS.items()],
    )  # fmt: skip
    cloudwatch.put_dashboard(DashboardName="found", DashboardBody='{"widgets":[]}')
    assert found(clients, ALARM, **alarm) == "found@us-east-1"
    assert found(clients, DASHBOARD, **board) == "found@us-east-1"
    with pytest.raises(NotOursError, match="its tag linkproof:stack says"):
        found(clients, ALARM, **{**alarm, "tags": {"linkproof:stack": "organization/linkproof/other"}})
    cloudwatch.put_dashboard(DashboardName="found", DashboardBody='{"widgets":[{"type":"text","properties":{}}]}')
    with pytest.raises(NotOursError, match="it has other widgets"):
        found(clients, DASHBOARD, **board)


def test_a_cloudflare_mx_record_is_known_by_its_host_and_its_preference(vendors: Lab, clients: Clients) -> None:
    inputs = {"zoneId": CF_ZONE, "name": "mx.example.com", "type": "MX", "content": "a.example.net", "priority": 10}
    inputs |= {"ttl": 300, "comment": COMMENT}
    made = vendors.cloudflare().dns.records.create(
        zone_id=CF_ZONE,
        name="mx.example.com",
        type="MX",
        content="a.example.net",
        priority=10,
        ttl=300,
        comment=COMMENT,
    )
    assert found(clients, CF_RECORD, **inputs) == f"{CF_ZONE}/{made.id}"
    with pytest.raises(NotOursError, match=r"it holds 10 a\.example\.net, not 20 a\.example\.net"):
        found(clients, CF_RECORD, **{**inputs, "priority": 20})


def test_what_is_made_for_a_destination_is_ours_by_its_tag_or_by_saying_just_that(
    vendors: Lab, clients: Clients
) -> None:
    iam, s3, sns, firehose, events = (vendors.aws(one) for one in ("iam", "s3", "sns", "firehose", "events"))
    region, listed = "us-east-1", [{"Key": key, "Value": value} for key, value in TAGS.items()]
    account = vendors.aws("sts").get_caller_identity()["Account"]
    sets = [f"arn:aws:ses:{region}:{account}:configuration-set/a"]
    may, must_not = (policies.permission(["s3:PutObject"], [on]) for on in ("*", "arn:aws:s3:::a"))
    topic, writer = f"arn:aws:sns:{region}:{account}:found", f"arn:aws:iam::{account}:role/found"
    wanted: dict[str, tuple[dict[str, Any], str]] = {
        event_items.BUCKET: ({"bucket": "acme-found", "region": region, "tags": TAGS}, f"acme-found@{region}"),
        event_items.ROLE: ({"name": "found", "tags": TAGS}, "found"),
        event_items.ROLE_POLICY: ({"role": "found", "name": "may", "policy": may}, "found:may"),
        event_items.STREAM: (
            {"name": "found", "region": region, "tags": TAGS},
            f"arn:aws:firehose:{region}:{account}:deliverystream/found",
        ),
        event_items.TOPIC: ({"name": "found", "region": region, "tags": TAGS}, topic),
        event_items.TOPIC_POLICY: (
            {"arn": topic, "region": region, "policy": policies.topic_policy(topic, sets)},
            topic,
        ),
        event_items.RULE: ({"name": "found", "region": region, "tags": TAGS}, f"found@{region}"),
        event_items.TARGET: (
            {"rule": "found", "targetId": "one", "arn": topic, "region": region},
            f"found/one@{region}",
        ),
    }
    assert {rtype: found(clients, rtype, **inputs) for rtype, (inputs, _) in wanted.items()} == dict.fromkeys(wanted)
    s3.create_bucket(Bucket="acme-found")
    with pytest.raises(NotOursError, match="its tag linkproof:stack says nothing"):
        found(clients, event_items.BUCKET, **wanted[event_items.BUCKET][0])
    s3.put_bucket_tagging(Bucket="acme-found", Tagging={"TagSet": listed})
    iam.create_role(RoleName="found", AssumeRolePolicyDocument=policies.trust(policies.FIREHOSE, sets), Tags=listed)
    iam.put_role_policy(RoleName="found", PolicyName="may", PolicyDocument=may)
    firehose.create_delivery_stream(
        DeliveryStreamName="found",
        ExtendedS3DestinationConfiguration={"BucketARN": "arn:aws:s3:::acme-found", "RoleARN": writer},
        Tags=listed,
    )
    sns.create_topic(Name="found", Tags=listed)
    assert found(clients, event_items.TOPIC_POLICY, **wanted[event_items.TOPIC_POLICY][0]) is None, "SNS's own is none"
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policies.topic_policy(topic, sets))
    events.put_rule(Name="found", EventPattern='{"source":["aws.ses"]}', Tags=listed)
    events.put_targets(Rule="found", Targets=[{"Id": "one", "Arn": topic}])
    assert {rtype: found(clients, rtype, **inputs) for rtype, (inputs, _) in wanted.items()} == {
        rtype: id_ for rtype, (_, id_) in wanted.items()
    }
    other = {"linkproof:stack": "organization/linkproof/other"}
    for rtype, (inputs, _) in wanted.items():
        if "tags" in inputs:
            with pytest.raises(NotOursError, match="its tag linkproof:stack says"):
                found(clients, rtype, **{**inputs, "tags": other})
    for rtype, change in (
        (event_items.ROLE_POLICY, {"policy": must_not}),
        (event_items.TOPIC_POLICY, {"policy": policies.topic_policy(topic, [f"{sets[0]}b"])}),
        (event_items.TARGET, {"arn": f"{topic}b"}),
    ):
        with pytest.raises(NotOursError):
            found(clients, rtype, **{**wanted[rtype][0], **change})


def test_what_the_state_has_is_not_found_again_but_a_namesake_in_another_region_is(
    vendors: Lab, clients: Clients
) -> None:
    tags = [{"Key": key, "Value": value} for key, value in TAGS.items()]
    vendors.aws("sesv2", region="eu-west-1").create_configuration_set(ConfigurationSetName="twice", Tags=tags)
    wanted = {"configurationSetName": "twice", "region": "eu-west-1", "tags": TAGS}

    def beside(**outputs: str) -> str | None:
        held = Held([{"type": CONFIGURATION_SET, "id": "twice", "inputs": {}, "outputs": outputs}])
        return find(CONFIGURATION_SET, wanted, clients, "default", held)

    assert beside(region="us-east-1") == "twice@eu-west-1"
    assert beside(region="eu-west-1") is None
    assert beside() is None, "a region that is not said may be this one"
    other = Held([{"type": DESTINATION, "id": "twice", "inputs": {"region": "eu-west-1"}}])
    assert find(CONFIGURATION_SET, wanted, clients, "default", other) == "twice@eu-west-1", "an id is of its type"


def test_a_cloudflare_record_of_the_state_is_known_by_its_own_id(vendors: Lab, clients: Clients) -> None:
    made = vendors.cloudflare().dns.records.create(
        zone_id=CF_ZONE, name="held.example.com", type="CNAME", content="sendgrid.net", ttl=300
    )
    inputs = {"zoneId": CF_ZONE, "name": "held.example.com", "type": "CNAME", "content": "sendgrid.net", "ttl": 300}
    assert find(CF_RECORD, inputs, clients, "default") == f"{CF_ZONE}/{made.id}"
    assert find(CF_RECORD, inputs, clients, "default", Held([{"type": CF_RECORD, "id": made.id}])) is None


# Google Cloud -------------------------------------------------------------------------------------
def test_google_s_objects_are_found_by_their_names_and_proved_by_their_descriptions(vendors: Lab) -> None:
    api = vendors.settings.api_url("vendors/gcp")
    google = clients_of(
        {"default": {"gcp": {"project": "acme", **endpoints(api)}}}, {"default": {"gcpAccessToken": GCP_TOKEN}}
    )
    client = google.client("gcp", "default")
    mark, compute = "linkproof organization/linkproof/dev", f"{client.compute}projects/acme/global"
    for collection, body in {
        "addresses": {"name": "ours", "description": mark},
        "networkEndpointGroups": {"name": "ours", "description": mark, "networkEndpointType": "INTERNET_FQDN_PORT"},
        "networkEndpointGroups/ours/attachNetworkEndpoints": {
            "networkEndpoints": [{"fqdn": "sendgrid.net", "port": 443}]
        },
    }.items():
        client.post(f"{compute}/{collection}", body)
    manager = f"{client.certificate_manager}projects/acme/locations/global"
    client.post(f"{manager}/certificateMaps?certificateMapId=ours", {"description": mark})
    wanted = {"name": "ours", "description": mark}
    assert found(google, items.ADDRESS, **wanted) == "projects/acme/global/addresses/ours"
    assert found(google, items.CERTIFICATE_MAP, **wanted) == "projects/acme/locations/global/certificateMaps/ours"
    endpoint = {"globalNetworkEndpointGroup": "ours", "fqdn": "sendgrid.net", "port": 443}
    assert found(google, items.ENDPOINT, **endpoint) == "acme/ours//sendgrid.net/443"
    assert found(google, items.ENDPOINT, **{**endpoint, "fqdn": "eu.sendgrid.net"}) is None
    assert found(google, items.URL_MAP, **wanted) is None
    assert found(google, items.MAP_ENTRY, **wanted, map="ours", hostname="url1.example.info") is None
    with pytest.raises(NotOursError, match="its description says linkproof organization/linkproof/dev, not"):
        found(google, items.ADDRESS, name="ours", description="linkproof organization/linkproof/prod")


def test_a_cloud_dns_record_set_is_ours_when_it_is_exactly_what_was_to_be_made(vendors: Lab) -> None:
    api = vendors.settings.api_url("vendors/gcp")
    google = clients_of(
        {"default": {"gcp": {"project": "acme", **endpoints(api)}}}, {"default": {"gcpAccessToken": GCP_TOKEN}}
    )
    client = google.client("gcp", "default")
    record = {"name": "url1.example.info.", "type": "CNAME", "ttl": 300, "rrdatas": ["sendgrid.net."]}
    client.post(f"{client.dns}projects/acme/managedZones/{GCP_ZONE}/changes", {"additions": [record]})
    inputs = {"managedZone": GCP_ZONE, **record}
    id_ = f"projects/acme/managedZones/{GCP_ZONE}/rrsets/url1.example.info./CNAME"
    assert found(google, GCP_RECORD, **inputs) == id_
    assert found(google, GCP_RECORD, **{**inputs, "name": "url2.example.info."}) is None
    with pytest.raises(NotOursError, match=r"holds sendgrid\.net, not eu\.sendgrid\.net"):
        found(google, GCP_RECORD, **{**inputs, "rrdatas": ["eu.sendgrid.net."]})


# Azure --------------------------------------------------------------------------------------------
def azure_clients(vendors: Lab) -> Clients:
    options = azure_facts.options(vendors.settings.api_url("vendors/azure"))
    return clients_of({"default": {"azure": options}}, {"default": {"azureClientSecret": azure_facts.CLIENT_SECRET}})


def test_an_azure_record_set_is_ours_when_its_metadata_has_the_mark(vendors: Lab) -> None:
    azure = azure_clients(vendors)
    client = azure.client("azure", "default")
    group, _, zone = AZURE_ZONE.partition("/")
    id_ = f"{client.root}/resourceGroups/{group}/providers/Microsoft.Network/dnsZones/{zone}/CNAME/url1"
    mark = {"linkproof": "linkproof organization/linkproof/dev"}
    body = {"properties": {"TTL": 300, "CNAMERecord": {"cname": "sendgrid.net"}, "metadata": mark}}
    client.write("PUT", id_, "2018-05-01", body)
    inputs = {"resourceGroupName": group, "zoneName": zone, "recordType": "CNAME", "relativeRecordSetName": "url1"}
    assert found(azure, AZURE_RECORD, **inputs, metadata=mark) == id_
    assert found(azure, AZURE_RECORD, **{**inputs, "relativeRecordSetName": "url2"}, metadata=mark) is None
    with pytest.raises(NotOursError, match="its metadata says linkproof organization/linkproof/dev, not"):
        found(azure, AZURE_RECORD, **inputs, metadata={"linkproof": "linkproof organization/linkproof/prod"})


def test_a_profile_is_ours_by_its_tag_and_what_is_in_it_by_its_profile(vendors: Lab) -> None:
    azure = azure_clients(vendors)
    client = azure.client("azure", "default")
    at = {"resourceGroupName": "edge", "profileName": "ours"}
    id_ = f"{client.root}/resourceGroups/edge/providers/Microsoft.Cdn/profiles/ours"
    assert found(azure, azure_items.PROFILE, **at, tags=TAGS) is None
    sku = {"location": "Global", "sku": {"name": "Standard_AzureFrontDoor"}}
    client.write("PUT", id_, "2025-06-01", {**sku, "tags": TAGS})
    assert found(azure, azure_items.PROFILE, **at, tags=TAGS) == id_
    with pytest.raises(NotOursError, match="its tag linkproof:stack says"):
        found(azure, azure_items.PROFILE, **at, tags={"linkproof:stack": "organization/linkproof/other"})
    domain = {**at, "customDomainName": "host", "hostName": "url1.example.biz"}
    assert found(azure, azure_items.DOMAIN, **domain) is None
    client.write("PUT", f"{id_}/customDomains/host", "2025-06-01", {"properties": {"hostName": "url1.example.biz"}})
    assert found(azure, azure_items.DOMAIN, **domain) == f"{id_}/customDomains/host"
    client.write("PUT", id_, "2025-06-01", sku)
    with pytest.raises(NotOursError, match="its profile's tags do not say whose it is"):
        found(azure, azure_items.DOMAIN, **domain)
