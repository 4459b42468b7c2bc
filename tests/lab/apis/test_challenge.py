"""A text for a CA's challenge beside what stands at the name, by each DNS host's own writer: written, and taken away again."""

from __future__ import annotations

from typing import Any

import pytest
from linkproof import registry
from linkproof.errors import LinkproofError
from linkproof.vendors.aws.account import Options as AwsOptions
from linkproof.vendors.aws.client import AwsClient
from linkproof.vendors.azure import client as azure_client
from linkproof.vendors.azure.account import Options as AzureOptions
from linkproof.vendors.azure.account import Secrets as AzureSecrets
from linkproof.vendors.azure.client import AzureClient
from linkproof.vendors.cloudflare.client import CloudflareClient
from linkproof.vendors.gcp import client as gcp
from linkproof.vendors.gcp.account import Options as GcpOptions
from linkproof.vendors.gcp.account import Secrets as GcpSecrets
from linkproof.vendors.gcp.client import GcpClient
from linkproof_lab.vendors.azure import facts as azure_facts
from linkproof_lab.vendors.gcp.facts import GCP_TOKEN, endpoints

from tests.lab.apis.conftest import ADMIN_TOKEN, AZURE_ZONE, CF_ZONE, GCP_ZONE, R53_ZONE, Lab

TEXT = "ZXhhbXBsZS1vZi1hLWRpZ2VzdC10aGF0LWlzLWJhc2U"


class Aws(AwsClient):
    """The lab's, by the name under which the plug-in asks."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        super().__init__("default", None, AwsOptions())

    def service(self, name: str, region: str | None = None) -> Any:
        return self.lab.aws(name)


def google(lab: Lab) -> GcpClient:
    options = GcpOptions.model_validate({"project": "acme", **endpoints(lab.settings.api_url("vendors/gcp"))})
    return gcp.client("default", options, GcpSecrets.model_validate({"gcpAccessToken": GCP_TOKEN}), "dev")


def azure(lab: Lab) -> AzureClient:
    options = AzureOptions.model_validate(azure_facts.options(lab.settings.api_url("vendors/azure")))
    secrets = AzureSecrets.model_validate({"azureClientSecret": azure_facts.CLIENT_SECRET})
    return azure_client.client("default", options, secrets, "dev")


HOSTS = {
    "azure": (AZURE_ZONE, "_acme-challenge.t.example.biz", azure),
    "gcp": (GCP_ZONE, "_acme-challenge.t.example.info", google),
    "route53": (R53_ZONE, "_acme-challenge.t.example.net", Aws),
    "cloudflare": (
        CF_ZONE,
        "_acme-challenge.t.example.com",
        lambda lab: CloudflareClient(f"{lab.settings.api_url('vendors/cloudflare')}/client/v4", ADMIN_TOKEN),
    ),
}


def test_every_dns_host_that_we_may_write_has_a_writer() -> None:
    # a primary of one's own has its test at real servers and the lab's: tests/dns/rfc2136
    assert {plugin.name for plugin in registry.dns_hosts() if plugin.challenge} == {*HOSTS, "rfc2136"}


@pytest.mark.parametrize("host", HOSTS)
def test_what_stands_there_stays_and_only_this_text_goes(lab: Lab, host: str) -> None:
    zone_id, name, client_of = HOSTS[host]
    writer, client = registry.dns(host).challenge, client_of(lab)
    assert writer is not None

    def served() -> set[str]:
        found = lab.served(zone_id, name, "TXT")
        return set(found[1]) if found else set()

    writer.remove(client, zone_id, name, TEXT)
    assert served() == set()
    writer.add(client, zone_id, name, "theirs")
    writer.add(client, zone_id, name, TEXT)
    writer.add(client, zone_id, name, TEXT)
    assert served() == {'"theirs"', f'"{TEXT}"'}
    writer.remove(client, zone_id, name, TEXT)
    assert served() == {'"theirs"'}
    writer.remove(client, zone_id, name, TEXT)
    writer.remove(client, zone_id, name, "theirs")
    assert served() == set()


def test_a_change_of_somebody_else_in_between_is_not_lost(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Route 53 has sets, not records: whoever writes one writes all of its values."""
    zone_id, name, _ = HOSTS["route53"]
    service, writer = lab.aws("route53"), registry.dns("route53").challenge
    assert writer is not None
    lab.records(("CREATE", name, "TXT", ['"first"'], 30))
    read, others = service.list_resource_record_sets, iter(['"second"', '"third"'])

    def list_and_lose(**arguments: Any) -> Any:
        answer = read(**arguments)
        for value in others:
            held = lab.served(zone_id, name, "TXT")
            assert held is not None
            lab.records(("UPSERT", name, "TXT", [*held[1], value], 30))
            break
        return answer

    monkeypatch.setattr(service, "list_resource_record_sets", list_and_lose)
    writer.add(Aws(lab), zone_id, name, TEXT)
    assert lab.served(zone_id, name, "TXT") == (30, ('"first"', '"second"', '"third"', f'"{TEXT}"'))
    writer.remove(Aws(lab), zone_id, name, TEXT)
    assert lab.served(zone_id, name, "TXT") == (30, ('"first"', '"second"', '"third"'))


def test_a_change_in_between_is_refused_by_its_etag_and_made_again(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Azure DNS has sets too, and a condition that a write states."""
    zone_id, name, _ = HOSTS["azure"]
    writer, client = registry.dns("azure").challenge, azure(lab)
    assert writer is not None
    writer.add(client, zone_id, name, "first")
    read, others = client.find, iter(["second", "third"])

    def find_and_lose(*arguments: Any) -> Any:
        found = read(*arguments)
        for text in others:
            writer.add(azure(lab), zone_id, name, text)
            break
        return found

    monkeypatch.setattr(client, "find", find_and_lose)
    writer.add(client, zone_id, name, TEXT)
    assert lab.served(zone_id, name, "TXT") == (10, ('"first"', '"second"', '"third"', f'"{TEXT}"'))


def test_a_token_that_may_only_read_is_said_and_never_shown(lab: Lab) -> None:
    zone_id, name, _ = HOSTS["cloudflare"]
    token = lab.token("a-token-that-may-only-read-0123456789-abcdefghij", "DNS:Read", "Zone:Read")
    client = CloudflareClient(f"{lab.settings.api_url('vendors/cloudflare')}/client/v4", token)
    writer = registry.dns("cloudflare").challenge
    assert writer is not None
    with pytest.raises(LinkproofError, match=r"refused POST /zones/.*/dns_records: 403") as caught:
        writer.add(client, zone_id, name, TEXT)
    assert token not in str(caught.value)
