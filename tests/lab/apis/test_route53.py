"""Route 53 through boto3."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

R53_ZONE = "Z0EXAMPLE"
CLICK = "url1.example.net."


def message_of(error: Any) -> tuple[int, str, str]:
    response = error.value.response
    return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"], response["Error"]["Message"]


def names(lab: Any, **query: Any) -> list[tuple[str, str]]:
    pages = lab.aws("route53").get_paginator("list_resource_record_sets").paginate(HostedZoneId=R53_ZONE, **query)
    return [(s["Name"], s["Type"]) for page in pages for s in page["ResourceRecordSets"]]


def test_a_created_set_is_served_and_listed_as_it_was_written(lab: Any) -> None:
    change = lab.records(("CREATE", "URL1.example.net", "CNAME", ["sendgrid.net"], 300))["ChangeInfo"]
    assert change["Status"] == "PENDING"
    assert lab.aws("route53").get_change(Id=change["Id"])["ChangeInfo"]["Status"] == "INSYNC"
    assert lab.served(R53_ZONE, "url1.example.net", "CNAME") == (300, ("sendgrid.net.",))
    found = lab.aws("route53").list_resource_record_sets(
        HostedZoneId=R53_ZONE, StartRecordName=CLICK, StartRecordType="CNAME", MaxItems="1"
    )["ResourceRecordSets"]
    assert found == [{"Name": CLICK, "Type": "CNAME", "TTL": 300, "ResourceRecords": [{"Value": "sendgrid.net"}]}]


def test_a_change_is_pending_for_as_long_as_is_set(lab: Any) -> None:
    lab.store.put("route53", "settings", {"insync_seconds": 3600})
    change = lab.records(("CREATE", CLICK, "CNAME", ["sendgrid.net."], 300))["ChangeInfo"]
    assert lab.aws("route53").get_change(Id=change["Id"])["ChangeInfo"]["Status"] == "PENDING"
    with pytest.raises(ClientError) as error:
        lab.aws("route53").get_change(Id="CNONE")
    assert message_of(error)[:2] == (404, "NoSuchChange")


def test_upsert_and_delete(lab: Any) -> None:
    lab.records(("UPSERT", CLICK, "CNAME", ["sendgrid.net."], 300))
    lab.records(("UPSERT", CLICK, "CNAME", ["d1.cloudfront.net."], 60))
    assert lab.served(R53_ZONE, "url1.example.net", "CNAME") == (60, ("d1.cloudfront.net.",))
    lab.records(("DELETE", CLICK, "CNAME", ["d1.cloudfront.net"], 60))
    assert lab.served(R53_ZONE, "url1.example.net", "CNAME") is None


def test_a_change_of_type_is_one_batch_and_one_serial(lab: Any) -> None:
    lab.records(("CREATE", CLICK, "CNAME", ["sendgrid.net."], 300))
    serial = lab.store.zone(R53_ZONE).serial
    lab.records(("DELETE", CLICK, "CNAME", ["sendgrid.net."], 300), ("CREATE", CLICK, "A", ["192.0.2.1"], 300))
    assert lab.store.zone(R53_ZONE).serial == serial + 1
    assert lab.served(R53_ZONE, "url1.example.net", "A") == (300, ("192.0.2.1",))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("CREATE", "a.example.net", "CNAME", ["b.example."], 300), "Tried to create resource record set [name='a.example.net.', type='CNAME'] but it already exists"),
        (("CREATE", "a.example.net", "TXT", ['"x"'], 300), "RRSet of type TXT with DNS name a.example.net. is not permitted as it conflicts with other records with the same DNS name in zone example.net."),
        (("CREATE", "example.net", "CNAME", ["b.example."], 300), "RRSet of type CNAME with DNS name example.net. is not permitted at apex in zone example.net."),
        (("DELETE", "b.example.net", "CNAME", ["b.example."], 300), "Tried to delete resource record set [name='b.example.net.', type='CNAME'] but it was not found"),
        (("DELETE", "a.example.net", "CNAME", ["b.example."], 300), "Tried to delete resource record set [name='a.example.net.', type='CNAME'] but the values provided do not match the current values"),
        (("DELETE", "a.example.net", "CNAME", ["a.example."], 299), "Tried to delete resource record set [name='a.example.net.', type='CNAME'] but the values provided do not match the current values"),
        (("CREATE", "a.example.org", "CNAME", ["b.example."], 300), "RRSet with DNS name a.example.org. is not permitted in zone example.net."),
        (("CREATE", "b.example.net", "A", ["300.0.0.1"], 300), "Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with '300.0.0.1''"),
        (("CREATE", "b.example.net", "TXT", ["x"], 300), "Invalid Resource Record: 'FATAL problem: InvalidCharacterString (Value should be enclosed in quotation marks) encountered with 'x''"),
        (("CREATE", "b" * 64 + ".example.net", "A", ["192.0.2.1"], 300), "FATAL problem: DomainLabelTooLong (Domain label is too long) encountered with '" + "b" * 64 + "'"),
    ],
)  # fmt: skip
def test_a_change_that_is_refused_says_why_as_the_vendor_does(lab: Any, change: Any, message: str) -> None:
    lab.records(("CREATE", "a.example.net", "CNAME", ["a.example."], 300))
    with pytest.raises(ClientError) as error:
        lab.records(change)
    assert message_of(error) == (400, "InvalidChangeBatch", f"[{message}]")


def test_a_batch_is_applied_whole_or_not_at_all_and_names_every_problem(lab: Any) -> None:
    with pytest.raises(ClientError) as error:
        lab.records(
            ("CREATE", "a.example.net", "A", ["192.0.2.1"], 300),
            ("DELETE", "b.example.net", "A", ["192.0.2.1"], 300),
            ("DELETE", "c.example.net", "A", ["192.0.2.1"], 300),
        )
    assert message_of(error)[2].count("but it was not found") == 2
    assert names(lab) == [("example.net.", "NS"), ("example.net.", "SOA")]


def test_the_apex_keeps_its_soa_and_ns(lab: Any) -> None:
    apex = lab.aws("route53").list_resource_record_sets(HostedZoneId=R53_ZONE)["ResourceRecordSets"]
    for found in apex:
        values = [r["Value"] for r in found["ResourceRecords"]]
        with pytest.raises(ClientError) as error:
            lab.records(("DELETE", found["Name"], found["Type"], values, found["TTL"]))
        assert "A HostedZone must contain" in message_of(error)[2]


def test_sets_are_listed_by_labels_from_the_right_in_pages(lab: Any) -> None:
    for host in ("b.example.net", "a.example.net", "z.a.example.net", "*.a.example.net"):
        lab.records(("CREATE", host, "A", ["192.0.2.1"], 300))
    lab.records(("CREATE", "a.example.net", "TXT", ['"x"'], 300))
    expected = [
        ("example.net.", "NS"),
        ("example.net.", "SOA"),
        ("a.example.net.", "A"),
        ("a.example.net.", "TXT"),
        ("\\052.a.example.net.", "A"),
        ("z.a.example.net.", "A"),
        ("b.example.net.", "A"),
    ]
    assert names(lab) == expected
    assert names(lab, PaginationConfig={"PageSize": 2}) == expected
    first = lab.aws("route53").list_resource_record_sets(HostedZoneId=R53_ZONE, MaxItems="3")
    assert (first["IsTruncated"], first["NextRecordName"], first["NextRecordType"]) == (True, "a.example.net.", "TXT")
    assert lab.served(R53_ZONE, "*.a.example.net", "A") == (300, ("192.0.2.1",))


def alias(action: str, target: str) -> dict[str, Any]:
    record_set = {
        "Name": "example.net",
        "Type": "A",
        "AliasTarget": {"HostedZoneId": "Z2FDTNDATAQYW2", "DNSName": target, "EvaluateTargetHealth": False},
    }
    return {"Changes": [{"Action": action, "ResourceRecordSet": record_set}]}


def test_an_alias_answers_with_its_targets_addresses_and_follows_them(lab: Any) -> None:
    lab.store.set_rrsets("cloudfront.net", [("d1.cloudfront.net", "A", 60, ("192.0.2.1",))])
    client = lab.aws("route53")
    client.change_resource_record_sets(HostedZoneId=R53_ZONE, ChangeBatch=alias("CREATE", "d1.cloudfront.net"))
    assert lab.served(R53_ZONE, "example.net", "A") == (60, ("192.0.2.1",))
    (found,) = [
        s for s in client.list_resource_record_sets(HostedZoneId=R53_ZONE)["ResourceRecordSets"] if s["Type"] == "A"
    ]
    assert found["AliasTarget"]["DNSName"] == "d1.cloudfront.net."
    lab.store.set_rrsets("cloudfront.net", [("d1.cloudfront.net", "A", 60, ("192.0.2.9",))])
    assert lab.eventually(lambda: lab.served(R53_ZONE, "example.net", "A") == (60, ("192.0.2.9",)))
    client.change_resource_record_sets(HostedZoneId=R53_ZONE, ChangeBatch=alias("DELETE", "d1.cloudfront.net"))
    assert lab.served(R53_ZONE, "example.net", "A") is None


def test_what_others_put_into_the_zone_is_listed_and_can_be_deleted(lab: Any) -> None:
    lab.store.set_rrsets(R53_ZONE, [("seed.example.net", "CAA", 300, ('0 issue "amazon.com"',))])
    assert ("seed.example.net.", "CAA") in names(lab)
    lab.records(("DELETE", "seed.example.net", "CAA", ['0 issue "amazon.com"'], 300))
    assert ("seed.example.net.", "CAA") not in names(lab)
    assert lab.served(R53_ZONE, "seed.example.net", "CAA") is None


def test_hosted_zones_are_shown_and_found_by_name(lab: Any) -> None:
    client = lab.aws("route53")
    zone = client.get_hosted_zone(Id=R53_ZONE)
    assert zone["HostedZone"]["Name"] == "example.net."
    assert zone["HostedZone"]["ResourceRecordSetCount"] == 2
    assert zone["DelegationSet"]["NameServers"][0] == "ns-1.awsdns-01.com"
    assert [z["Id"] for z in client.list_hosted_zones()["HostedZones"]] == [
        "/hostedzone/Z0EXAMPLE",
        "/hostedzone/Z0OTHER",
    ]
    page = client.list_hosted_zones(MaxItems="1")
    assert (page["IsTruncated"], page["NextMarker"]) == (True, "Z0OTHER")
    assert client.list_hosted_zones(Marker="Z0OTHER")["HostedZones"][0]["Name"] == "example.org."
    found = client.list_hosted_zones_by_name(DNSName="example.org.", MaxItems="1")["HostedZones"]
    assert [z["Name"] for z in found] == ["example.org."]
    with pytest.raises(ClientError) as error:
        client.get_hosted_zone(Id="ZNONE")
    assert message_of(error) == (404, "NoSuchHostedZone", "No hosted zone found with ID: ZNONE")


def test_a_request_without_a_signature_is_refused(lab: Any) -> None:
    answer = httpx.get(f"{lab.settings.api_url('vendors/aws')}/2013-04-01/hostedzone")
    assert answer.status_code == 403
    assert "<Code>MissingAuthenticationToken</Code>" in answer.text


def test_a_limit_holds_once_it_is_set(lab: Any) -> None:
    lab.store.put("rate-limit", "route53", {"requests": 1, "per_seconds": 100})
    client = lab.aws("route53")
    client.get_hosted_zone(Id=R53_ZONE)
    with pytest.raises(ClientError) as error:
        client.get_hosted_zone(Id=R53_ZONE)
    assert message_of(error) == (400, "Throttling", "Rate exceeded")


def test_sets_survive_a_restart_and_dns_is_mended(lab: Any) -> None:
    lab.records(("CREATE", CLICK, "CNAME", ["sendgrid.net"], 300))
    # as if the process had died between the document and DNS
    doc = lab.store.get("route53-rrset", f"{R53_ZONE}/url1.example.net/CNAME")
    moved = {**doc, "values": ["d1.cloudfront.net"], "data": ["d1.cloudfront.net."]}
    lab.store.put("route53-rrset", f"{R53_ZONE}/url1.example.net/CNAME", moved)
    lab.restart()
    assert (CLICK, "CNAME") in names(lab)
    assert lab.served(R53_ZONE, "url1.example.net", "CNAME") == (300, ("d1.cloudfront.net.",))


def test_a_second_zone_of_one_name_can_be_made_and_nobody_is_led_there(lab: Any) -> None:
    route53 = lab.aws("route53")
    made = route53.create_hosted_zone(Name="example.net.", CallerReference="by mistake")
    assert made["ResponseMetadata"]["HTTPStatusCode"] == 201
    named = route53.list_hosted_zones_by_name(DNSName="example.net")["HostedZones"]
    ids = {zone["Id"] for zone in named if zone["Name"] == "example.net."}
    assert ids == {f"/hostedzone/{R53_ZONE}", made["HostedZone"]["Id"]}
    lab.records(("CREATE", CLICK, "CNAME", ["sendgrid.net."], 300))
    assert lab.served(R53_ZONE, "url1.example.net", "CNAME") == (300, ("sendgrid.net.",))
    with pytest.raises(ClientError) as error:
        route53.create_hosted_zone(Name="example.net.", CallerReference="by mistake")
    assert message_of(error)[:2] == (409, "HostedZoneAlreadyExists")
