"""What exists already where something was to be created: found by its key, told apart from ours, with the whole command."""

from __future__ import annotations

import json
import shlex
from types import SimpleNamespace
from typing import Any

import pytest
from linkproof.engine.clients import Clients
from linkproof.engine.obstacles import last_update_failed, obstacles
from linkproof.errors import LinkproofError

from tests.engine_state.deployed import resource
from tests.lab.apis.conftest import CF_ZONE, R53_ZONE, Lab

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
RECORD = "aws:route53/record:Record"
EDGE = "urn:pulumi:test::linkproof::linkproof:cloudfront:Edge::o1.example.net"
PROVIDER = "urn:pulumi:test::linkproof::pulumi:providers:aws::aws-default"


class Previewed:
    """An engine whose preview says this."""

    stack = "test"

    def __init__(self, *wanted: dict[str, Any], op: str = "create") -> None:
        self.said = json.dumps({"steps": [{"op": op, "urn": one["urn"], "newState": one} for one in wanted]})

    def run(self, *arguments: str) -> Any:
        assert arguments == ("preview", "--stack", "test", "--json")
        return SimpleNamespace(stdout=self.said, returncode=1)


def wanted(host: str, value: str = "sendgrid.net", **more: Any) -> dict[str, Any]:
    inputs = {"zoneId": R53_ZONE, "name": host, "type": "CNAME", "records": [value], "ttl": 300}
    return resource(RECORD, f"{host}/CNAME", inputs=inputs, **more)


def state(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"deployment": {"resources": [{"urn": PROVIDER}, *resources]}}


def found(engine: Any, clients: Clients, document: dict[str, Any] | None = None) -> Any:
    return obstacles(engine, lambda: clients, state() if document is None else document)


def test_the_command_names_type_name_id_provider_and_parent(vendors: Lab, clients: Clients) -> None:
    vendors.records(("UPSERT", "o1.example.net", "CNAME", ["other.example"], 300))
    (one,) = found(
        Previewed(wanted("o1.example.net", parent=EDGE)), clients, state({"urn": EDGE, "type": "linkproof:x"})
    )
    assert shlex.split(one.command) == [
        "pulumi", "import", "--stack", "test", "--generate-code=false",
        "--provider", f"aws-default={PROVIDER}", "--parent", f"o1.example.net={EDGE}",
        RECORD, "o1.example.net/CNAME", f"{R53_ZONE}_o1.example.net_CNAME",
    ]  # fmt: skip
    assert one.doubt == "it holds other.example, not sendgrid.net"
    assert "else remove it at the vendor" in str(one)


def test_what_the_vendor_does_not_have_is_no_obstacle(vendors: Lab, clients: Clients) -> None:
    assert found(Previewed(wanted("o2.example.net")), clients) == []


def test_what_the_state_has_already_is_no_obstacle(vendors: Lab, clients: Clients) -> None:
    vendors.records(("UPSERT", "o3.example.net", "CNAME", ["sendgrid.net"], 300))
    there = {"urn": "urn:x::y", "type": RECORD, "id": f"{R53_ZONE}_o3.example.net_CNAME"}
    assert found(Previewed(wanted("o3.example.net")), clients, state(there)) == []
    assert len(found(Previewed(wanted("o3.example.net")), clients)) == 1


def test_only_creates_of_what_can_be_found_are_asked_for(clients: Clients) -> None:
    assert found(Previewed(wanted("o4.example.net"), op="update"), clients) == []
    wait = resource("aws:acm/certificateValidation:CertificateValidation", "o4.example.net")
    assert found(Previewed(wait), clients) == []


def test_a_key_that_is_known_only_later_is_not_asked_for_and_a_value_is_said_so(vendors: Lab, clients: Clients) -> None:
    vendors.records(("UPSERT", "o5.example.net", "CNAME", ["other.example"], 300))
    assert found(Previewed(wanted(UNKNOWN)), clients) == []
    (one,) = found(Previewed(wanted("o5.example.net", UNKNOWN)), clients)
    assert one.doubt == "it holds other.example, not what is known after deployment"


def test_without_its_provider_in_the_state_no_command_is_given(vendors: Lab, clients: Clients) -> None:
    """Importing then would make a provider without credentials, and lead wherever the environment's lead."""
    vendors.records(("UPSERT", "o6.example.net", "CNAME", ["other.example"], 300))
    (one,) = found(Previewed(wanted("o6.example.net")), clients, {"deployment": {"resources": []}})
    assert one.command == ""
    assert "run `pulumi up` again" in str(one)


def test_a_cloudflare_record_is_imported_with_its_zone(vendors: Lab, clients: Clients) -> None:
    made = vendors.cloudflare().dns.records.create(
        zone_id=CF_ZONE, name="o7.example.com", type="CNAME", content="sendgrid.net", ttl=300, proxied=False
    )
    inputs = {
        "zoneId": CF_ZONE,
        "name": "o7.example.com",
        "type": "CNAME",
        "content": "sendgrid.net",
        "comment": "linkproof a/b/c",
    }
    one = resource(
        "cloudflare:index/dnsRecord:DnsRecord", "o7.example.com/CNAME", inputs=inputs, provider="cloudflare-default"
    )
    (hint,) = found(
        Previewed(one), clients, {"deployment": {"resources": [{"urn": one["provider"].rpartition("::")[0]}]}}
    )
    assert hint.command.endswith(f"{CF_ZONE}/{made.id}")
    assert hint.doubt == "its comment says nothing, not linkproof a/b/c"


def test_a_program_that_cannot_be_previewed_is_said(clients: Clients) -> None:
    broken = Previewed()
    broken.said = "error: no such file"
    with pytest.raises(LinkproofError, match="cannot be previewed"):
        found(broken, clients)


@pytest.mark.parametrize(("history", "failed"), [
    ([{"kind": "update", "result": "failed"}], True),
    ([{"kind": "update", "result": "succeeded"}], False),
    ([{"kind": "destroy", "result": "failed"}], False),
    ([], False),
])  # fmt: skip
def test_only_a_failed_deployment_is_looked_into(history: list[dict[str, str]], failed: bool) -> None:
    engine: Any = SimpleNamespace(stack="test", must=lambda *_: json.dumps(history))
    assert last_update_failed(engine) is failed
