"""Azure DNS: names and values in its words, what is read of a zone that exists, and what stands in the way of a record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from linkproof.dns.azure import adopt, discover, state
from linkproof.dns.azure.facts import API_VERSION
from linkproof.dns.azure.find import record_id
from linkproof.dns.azure.record_set import from_api, members, relative, to_api, values
from linkproof.vendors.azure.account import Options, Secrets
from linkproof.vendors.azure.client import AzureClient, client
from linkproof_lab.vendors.azure.facts import CLIENT_SECRET, options

from tests.lab.apis.conftest import AZURE_ZONE, Lab


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AzureClient]:
    lab = Lab(tmp_path_factory.mktemp("lab"))
    given = Options.model_validate(options(lab.settings.api_url("vendors/azure")))
    yield client("brand", given, Secrets.model_validate({"azureClientSecret": CLIENT_SECRET}), "prod")
    lab.close()


def put(azure: AzureClient, name: str, rtype: str, *held: str, ttl: int = 300) -> str:
    id_ = record_id(azure, AZURE_ZONE, name, rtype)
    azure.write("PUT", id_, API_VERSION, {"properties": to_api({"ttl": ttl, **members(rtype, held)})})
    return id_


def test_names_are_relative_to_the_zone() -> None:
    assert relative("URL1.mail.example.biz.", "example.biz") == "url1.mail"
    assert relative("example.biz", "example.biz") == "@"


@pytest.mark.parametrize(
    ("rtype", "held"),
    [
        ("CNAME", ("sendgrid.net.",)),
        ("A", ("192.0.2.1", "192.0.2.2")),
        ("AAAA", ("2001:db8::1",)),
        ("MX", ("10 mx.sendgrid.net.",)),
        ("TXT", (f'"{"a" * 255}" "b c"', '"one"')),
    ],
)
def test_what_is_written_is_what_is_served_and_read_in_the_state(
    azure: AzureClient, rtype: str, held: tuple[str, ...]
) -> None:
    id_ = put(azure, f"same-{rtype.lower()}", rtype, *held)
    found = azure.find(id_, API_VERSION)
    assert found is not None
    properties = from_api(found["properties"])
    assert values(rtype, properties) == held
    group, _, zone = AZURE_ZONE.partition("/")
    placed = {"resourceGroupName": group, "zoneName": zone}
    for side in ({"recordType": rtype}, {"type": found["type"]}):
        seen = state.read({**properties, **placed, **side})
        assert (seen.values, seen.ttl_seconds, seen.zone_id) == (held, 300, AZURE_ZONE)


def test_a_zone_is_read_with_what_its_cnames_lead_to(azure: AzureClient) -> None:
    put(azure, "url7", "CNAME", "sendgrid.net.", ttl=60)
    (zone,) = discover.zones(azure, "brand", frozenset())
    assert (zone.name, zone.dns, zone.id, zone.account) == ("example.biz", "azure", AZURE_ZONE, "brand")
    assert ("url7.example.biz", "sendgrid.net", 60) in {(one.name, one.target, one.ttl_seconds) for one in zone.records}
    assert list(discover.zones(azure, "brand", frozenset({"example.net"}))) == []


def test_addresses_are_in_the_way_of_a_cname(azure: AzureClient) -> None:
    group, _, zone = AZURE_ZONE.partition("/")
    placed = {"resourceGroupName": group, "zoneName": zone, "relativeRecordSetName": "taken"}
    wanted: dict[str, Any] = {**placed, "recordType": "CNAME", "cnameRecord": {"cname": "sendgrid.net"}}
    in_the_way, finder = adopt.IN_THE_WAY[state.RECORD_TYPE], adopt.FINDERS[state.RECORD_TYPE]
    assert list(in_the_way(wanted, azure)) == list(finder(wanted, azure)) == []
    put(azure, "taken", "A", "192.0.2.9")
    (found,) = in_the_way(wanted, azure)
    assert "taken A 192.0.2.9" in found.what
    assert list(in_the_way({**wanted, "recordType": "TXT"}, azure)) == []
    (same,) = finder({**placed, "recordType": "A"}, azure)
    assert same.id == record_id(azure, AZURE_ZONE, "taken", "A")


def test_a_mark_is_left_as_it_was_found_and_a_dot_says_nothing() -> None:
    assert adopt.unnoticed(state.RECORD_TYPE, "metadata.linkproof", {}, {})
    assert not adopt.unnoticed(state.RECORD_TYPE, "ttl", {}, {})
    assert adopt.same(state.RECORD_TYPE, "cnameRecord.cname", "sendgrid.net", "SendGrid.net.")
    assert not adopt.same(state.RECORD_TYPE, "cnameRecord.cname", "sendgrid.net", "eu.sendgrid.net")
