"""The stand-in of Azure's provider: it takes what the SDK's own types have, and refuses as Azure does."""

from __future__ import annotations

import importlib
import inspect
import re
from typing import Any

import pytest
from linkproof_lab.dns.azure.stand_in.record_set import RecordSet
from linkproof_lab.edges.azure.stand_in.front_door import KINDS

from tests.lab.providers.harness import AZURE_ZONE, Lab, Plugin, RefusedError, azure_config

SCHEMAS = {RecordSet.token: RecordSet.schema} | {kind.token: kind.schema for kind in KINDS}
RECORD_SET = RecordSet.token


def camel(name: str) -> str:
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), name)


@pytest.mark.parametrize("token", SCHEMAS)
def test_a_type_knows_every_input_of_the_sdk_s_and_no_other(token: str) -> None:
    _, module, name = token.split(":")
    arguments = getattr(importlib.import_module(f"pulumi_azure_native.{module}"), f"{name}Args")
    theirs = {camel(one) for one in inspect.signature(arguments.__init__).parameters if one != "__self__"}
    schema = SCHEMAS[token]
    assert {*schema.fields, *schema.elsewhere} == theirs
    required = {
        camel(name)
        for name, one in inspect.signature(arguments.__init__).parameters.items()
        if name != "__self__" and one.default is inspect.Parameter.empty
    }
    assert {name for name, field in schema.fields.items() if field.required} == required


def record(rtype: str, name: str, **more: Any) -> dict[str, Any]:
    group, _, zone = AZURE_ZONE.partition("/")
    placed = {"resourceGroupName": group, "zoneName": zone, "recordType": rtype, "relativeRecordSetName": name}
    return {**placed, "ttl": 300, **more}


def test_a_record_set_moves_in_place_and_is_never_taken_over(azure: Plugin) -> None:
    mark = {"linkproof": "linkproof acme/linkproof/dev"}
    wanted = record("CNAME", "url1", cnameRecord={"cname": "sendgrid.net"}, metadata=mark)
    made = azure.resource(RECORD_SET).create(wanted)
    assert made.id.endswith("/resourceGroups/mail/providers/Microsoft.Network/dnszones/example.biz/CNAME/url1")
    assert made.outputs["fqdn"] == "url1.example.biz."
    with pytest.raises(RefusedError, match="cannot create already existing resource"):
        azure.resource(RECORD_SET).create(wanted)
    moved = {**wanted, "cnameRecord": {"cname": "name-hash.z01.azurefd.net"}}
    assert made.changed(moved) == ({"cnameRecord.cname"}, set())
    made.update(moved)
    read = made.refresh()
    assert read is not None
    assert (read[0]["cnameRecord"], read[0]["metadata"]) == ({"cname": "name-hash.z01.azurefd.net"}, mark)
    assert made.changed({**moved, "relativeRecordSetName": "url2"})[1] == {"relativeRecordSetName"}
    made.delete()
    assert made.refresh() is None


@pytest.mark.parametrize(
    ("rtype", "members"),
    [
        ("TXT", {"txtRecords": [{"value": ["a" * 255, "b c"]}]}),
        ("A", {"aRecords": [{"ipv4Address": "192.0.2.1"}]}),
        ("AAAA", {"aaaaRecords": [{"ipv6Address": "2001:db8::1"}]}),
        ("MX", {"mxRecords": [{"preference": 10, "exchange": "mx.sendgrid.net"}]}),
    ],
)
def test_nothing_differs_after_a_refresh_or_an_import(azure: Plugin, rtype: str, members: dict[str, Any]) -> None:
    wanted = record(rtype, f"kept-{rtype.lower()}", **members)
    made = azure.resource(RECORD_SET).create(wanted)
    read = made.refresh()
    assert read is not None
    assert {key: read[0].get(key) for key in wanted} == wanted
    assert made.changed(wanted) == (set(), set())
    imported = made.imported(made.id)
    assert imported is not None
    assert imported[0] == made.id


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        (record("CNAME", "beside", cnameRecord={"cname": "sendgrid.net"}), "BadRequest"),
        (record("CNAME", "empty"), "has no records"),
        (record("CNAME", "other", txtRecords=[{"value": ["x"]}]), "cannot have the property"),
        (record("TXT", "short", txtRecords=[{"value": ["x"]}], ttl=0), "TTL"),
        (record("TXT", "long", txtRecords=[{"value": ["x" * 256]}]), "longer than 255"),
        ({**record("TXT", "lost", txtRecords=[{"value": ["x"]}]), "resourceGroupName": "other"}, "was not found"),
    ],
)
def test_what_azure_refuses_is_refused(azure: Plugin, inputs: dict[str, Any], said: str) -> None:
    if inputs["relativeRecordSetName"] == "beside":
        azure.resource(RECORD_SET).create(record("A", "beside", aRecords=[{"ipv4Address": "192.0.2.1"}]))
    with pytest.raises(RefusedError, match=said):
        azure.resource(RECORD_SET).create(inputs)


def test_it_talks_to_a_lab_alone_and_with_its_secret(lab: Lab, azure: Plugin) -> None:
    for wrong, said in (
        ({"metadataHost": "management.azure.com"}, "is not on loopback"),
        ({"clientSecret": None}, "looks for it nowhere else"),
    ):
        config = {key: value for key, value in (azure_config(lab) | wrong).items() if value is not None}
        with pytest.raises(AssertionError, match=said):
            Plugin(lab.settings, "azure-native", config)
    plugin = Plugin(lab.settings, "azure-native", azure_config(lab) | {"clientSecret": "another"})
    try:
        with pytest.raises(RefusedError, match="Invalid client secret"):
            plugin.resource(RECORD_SET).create(record("A", "refused", aRecords=[{"ipv4Address": "192.0.2.1"}]))
    finally:
        plugin.stop()


AT = {"resourceGroupName": "edge", "profileName": "links"}
HOST = "url1.example.biz"
VAULT = "/subscriptions/s/resourceGroups/keys/providers/Microsoft.KeyVault/vaults/acme/secrets/links"
DELETE_COOKIE = {
    "name": "ModifyRequestHeader",
    "parameters": {"typeName": "DeliveryRuleHeaderActionParameters", "headerAction": "Delete", "headerName": "Cookie"},
}


@pytest.fixture(scope="module")
def door(azure: Plugin) -> dict[str, Any]:
    """Every part of a profile, in the order in which they refer to each other."""
    found: dict[str, Any] = {}

    def make(name: str, /, **inputs: Any) -> Any:
        found[name] = azure.resource(f"azure-native:cdn:{name}").create({**AT, **inputs})
        return found[name]

    make(
        "Profile",
        location="Global",
        sku={"name": "Standard_AzureFrontDoor"},
        originResponseTimeoutSeconds=30,
        tags={"a": "b"},
    )
    make("AFDEndpoint", endpointName="door", location="Global", enabledState="Enabled")
    settings = {"sampleSize": 4, "successfulSamplesRequired": 3, "additionalLatencyInMilliseconds": 50}
    group = make("AFDOriginGroup", originGroupName="send", loadBalancingSettings=settings)
    make(
        "AFDOrigin",
        originGroupName="send",
        originName="send",
        hostName="sendgrid.net",
        enforceCertificateNameCheck=True,
    )
    domain = make(
        "AFDCustomDomain", customDomainName="host", hostName=HOST, tlsSettings={"certificateType": "ManagedCertificate"}
    )
    make(
        "Secret",
        secretName="own",
        parameters={"type": "CustomerCertificate", "secretSource": {"id": VAULT}, "useLatestVersion": True},
    )
    rules = make("RuleSet", ruleSetName="cookies")
    make("Rule", ruleSetName="cookies", ruleName="cookies", order=1, actions=[DELETE_COOKIE])
    make("Route", **route(group.id, domain.id), ruleSets=[{"id": rules.id}])
    return found


def route(group: str, *domains: str) -> dict[str, Any]:
    return {
        "endpointName": "door",
        "routeName": "send",
        "originGroup": {"id": group},
        "customDomains": [{"id": one} for one in domains],
        "patternsToMatch": ["/*"],
        "supportedProtocols": ["Http", "Https"],
        "forwardingProtocol": "HttpsOnly",
    }


def test_no_part_of_a_profile_differs_after_a_refresh_or_an_import(door: dict[str, Any]) -> None:
    for name, resource in door.items():
        inputs = dict(resource.inputs)
        inputs.pop("__defaults", None)
        read = resource.refresh()
        assert read is not None, name
        assert resource.changed(inputs) == (set(), set()), name
        imported = resource.imported(resource.id)
        assert imported is not None, name
        assert imported[0] == resource.id


def test_an_endpoint_and_a_domain_say_what_only_azure_knows(azure: Plugin, door: dict[str, Any]) -> None:
    assert re.fullmatch(r"door-[0-9a-f]{16}\.z01\.azurefd\.net", door["AFDEndpoint"].outputs["hostName"])
    said = door["AFDCustomDomain"].outputs
    assert said["domainValidationState"] == "Pending"
    assert re.fullmatch(r"[a-z0-9]{32}", said["validationProperties"]["validationToken"])
    assert said["validationProperties"]["expirationDate"]
    previewed = azure.resource("azure-native:cdn:AFDCustomDomain").preview(
        {**AT, "customDomainName": "later", "hostName": "url2.example.biz"}
    )
    assert previewed["validationProperties"] != said["validationProperties"]


def test_a_host_is_added_in_place_and_a_domain_s_host_is_another_domain(azure: Plugin, door: dict[str, Any]) -> None:
    other = azure.resource("azure-native:cdn:AFDCustomDomain").create(
        {**AT, "customDomainName": "more", "hostName": "more.example.biz"}
    )
    wanted = {**AT, **route(door["AFDOriginGroup"].id, door["AFDCustomDomain"].id, other.id)}
    kept = {"ruleSets": door["Route"].inputs["ruleSets"]}
    changed, replaced = door["Route"].changed(wanted | kept)
    assert (bool(changed), replaced) == (True, set())
    door["Route"].update(wanted | kept)
    with pytest.raises(RefusedError, match="is associated with"):
        other.delete()
    door["Route"].update({**AT, **route(door["AFDOriginGroup"].id, door["AFDCustomDomain"].id), **kept})
    other.delete()
    assert door["AFDCustomDomain"].changed({**AT, "customDomainName": "host", "hostName": "x.example.biz"})[1] == {
        "hostName"
    }


@pytest.mark.parametrize(
    ("name", "inputs", "said"),
    [
        ("Profile", {"profileName": "other", "sku": {"name": "Premium_AzureFrontDoor"}}, "Standard_AzureFrontDoor alone"),
        ("AFDEndpoint", {"endpointName": "x" * 47}, "longer than 46"),
        ("AFDCustomDomain", {"customDomainName": "twice", "hostName": HOST}, "is in use by another custom domain"),
        ("AFDCustomDomain", {"customDomainName": "wild", "hostName": "*.example.biz"}, "is not valid"),
        ("AFDCustomDomain", {"profileName": "none", "customDomainName": "a", "hostName": "a.example.biz"}, "its parent was not found"),
        ("AFDCustomDomain", {"customDomainName": "own", "hostName": "own.example.biz", "tlsSettings": {"certificateType": "CustomerCertificate"}}, "A secret is needed"),
        ("Secret", {"secretName": "lost", "parameters": {"type": "UrlSigningKey"}}, "alone"),
        ("RuleSet", {"ruleSetName": "a-b"}, "is not valid"),
        ("Route", {"endpointName": "door", "routeName": "lost", "originGroup": {"id": "none"}}, "no enabled origin"),
        ("AFDOriginGroup", {"originGroupName": "bare"}, "loadBalancingSettings is required"),
    ],
)  # fmt: skip
def test_what_front_door_refuses_is_refused(
    azure: Plugin, door: dict[str, Any], name: str, inputs: dict[str, Any], said: str
) -> None:
    with pytest.raises(RefusedError, match=said):
        azure.resource(f"azure-native:cdn:{name}").create({**AT, **inputs})


def test_a_domain_is_at_a_path_in_one_route_and_goes_after_it(azure: Plugin, door: dict[str, Any]) -> None:
    wanted = route(door["AFDOriginGroup"].id, door["AFDCustomDomain"].id)
    with pytest.raises(RefusedError, match="is at this path in another route"):
        azure.resource("azure-native:cdn:Route").create({**AT, **wanted, "routeName": "second"})
    for name in ("AFDCustomDomain", "AFDOriginGroup", "RuleSet"):
        with pytest.raises(RefusedError, match="is associated with"):
            door[name].delete()
