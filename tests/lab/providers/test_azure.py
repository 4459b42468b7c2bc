"""The stand-in of Azure's provider: it takes what the SDK's own types have, and refuses as Azure does."""

from __future__ import annotations

import importlib
import inspect
import re
from typing import Any

import pytest
from linkproof_lab.dns.azure.stand_in.record_set import RecordSet

from tests.lab.providers.harness import AZURE_ZONE, Lab, Plugin, RefusedError, azure_config

SCHEMAS = {RecordSet.token: RecordSet.schema}
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
