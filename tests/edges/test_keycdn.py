"""KeyCDN: what the engine is given, what its state says, and what is found at the lab's API."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from linkproof.contract.state import Resource, State
from linkproof.contract.values import Late
from linkproof.edges.keycdn import adopt, find, state
from linkproof.edges.keycdn.api import KeyCdnApi
from linkproof.edges.keycdn.component import zone_name
from linkproof.edges.keycdn.items import ZONE
from linkproof.edges.keycdn.plan import TARGET
from linkproof.errors import LinkproofError
from linkproof.json_api import WaitingHere
from linkproof.standing.certificates import certificates, when_to_act
from linkproof_lab.edges.keycdn.facts import KEYCDN_KEY

from tests.lab.apis.conftest import Lab
from tests.managed import read
from tests.program.recorded import Recorded, run

HOST = "url1.example.net"
ACCOUNT: dict[str, Any] = {"zoneSuffix": "1a2b", "certificates": {"links": "links.pem"}}
KEYS = {"keycdnCertificateKeys": {"links": "a key"}}


def program(work: Path, account: dict[str, Any] | None = None, secrets: dict[str, Any] | None = None) -> Recorded:
    (work / "links.pem").write_text("a chain")
    options = dict(ACCOUNT if account is None else account)
    if "certificates" in options:
        options["certificates"] = {name: str(work / path) for name, path in options["certificates"].items()}
    text = f"""
        version: 1
        zones: {{example.net: {{dns: route53, id: Z0EXAMPLE0NET}}}}
        edges: {{cdn: {{provider: keycdn, certificate: links}}}}
        links: {{one: {{sender: sendgrid, click_host: {HOST}, owner_host: 1234567.example.net, edge: cdn, phase: live}}}}
    """
    return run(
        textwrap.dedent(text),
        work=work,
        accounts={"default": {"keycdn": options}},
        secrets={"default": KEYS if secrets is None else secrets},
    )


def test_the_certificate_s_days_are_said_with_who_renews_it() -> None:
    now = datetime(2026, 11, 29, tzinfo=UTC)
    text = f"""version: 1
zones: {{example.net: {{dns: route53, id: Z0EXAMPLE0NET}}}}
edges: {{cdn: {{provider: keycdn, certificate: links}}}}
links: {{one: {{sender: sendgrid, click_host: {HOST}, owner_host: 1.example.net, edge: cdn, phase: live}}}}
"""
    seen = {"id": "x", "host": HOST, "not_before": "2026-10-01T00:00:00Z", "not_after": "2026-12-30T00:00:00Z"}
    (row,) = certificates("prod", read(text), {"certificates": [seen]}, now, now).rows
    assert (row.renewed_by, row.is_yours) == ("you (links of account default)", True)
    assert when_to_act(row).startswith("31 days left; renew it")


def test_a_zone_forwards_host_and_query_and_keeps_nothing_of_its_own(tmp_path: Path) -> None:
    made = program(tmp_path).get("keycdn-zone", HOST)
    assert (made.inputs["originUrl"], made.inputs["certificate"], made.protect) == (
        "https://sendgrid.net",
        "a chain",
        True,
    )
    settings = made.inputs["settings"]
    assert settings["cachehostheader"] == "enabled"
    assert [settings[f"cacheignore{name}"] for name in ("querystring", "cachecontrol")] == ["disabled", "disabled"]
    assert (settings["sslcert"], settings["cachemaxexpire"], settings["forcessl"]) == ("custom", "0", "disabled")
    assert "a key" not in str({name: value for name, value in made.inputs.items() if name != "certificateKey"})


def test_the_click_record_leads_to_the_zone_and_stands_behind_its_alias(tmp_path: Path) -> None:
    made = program(tmp_path)
    name = made.get("keycdn-zone", HOST).inputs["name"]
    assert (len(name), name.isalnum(), name) == (20, True, zone_name("acme/linkproof/test", HOST))
    click = made.record(f"{HOST}/CNAME")
    assert [value.rstrip(".") for value in click.inputs["records"]] == [f"{name}-1a2b.kxcdn.com"]
    assert HOST in click.depends_on, "the alias"


@pytest.mark.parametrize(
    ("account", "secrets", "said"),
    [
        ({"zoneSuffix": "1a2b"}, None, "has no certificate links"),
        ({**ACCOUNT, "certificates": {"links": "nothing.pem"}}, None, "cannot be read"),
        (None, {}, "there is no key for certificate links"),
        ({"certificates": ACCOUNT["certificates"]}, None, "what its zone URLs end with"),
    ],
)
def test_what_an_account_lacks_is_said_with_its_place(
    tmp_path: Path, account: dict[str, Any] | None, secrets: dict[str, Any] | None, said: str
) -> None:
    with pytest.raises(LinkproofError, match=said) as refused:
        program(tmp_path, account, secrets)
    assert "default.keycdn" in refused.value.fix


def test_the_state_says_where_hosts_lead_and_whose_origin_they_have() -> None:
    def held(**inputs: Any) -> State:
        urn = f"urn:pulumi:test::linkproof::{ZONE}::{HOST}"
        return State((Resource(urn, ZONE, "1", inputs, {}, False, None, None, "cdn"),), {}, ())

    known = held(name="lp1", suffix="1a2b", originUrl="https://sendgrid.net")
    (seen,) = state.seen(known)
    assert (seen.host, seen.account, seen.origins) == (HOST, "cdn", frozenset({"sendgrid.net"}))
    assert seen.names == {"lp1-1a2b.kxcdn.com."}
    assert state.late(Late(HOST, TARGET), known) == "lp1-1a2b.kxcdn.com."
    imported = held(name="lp1", originUrl="https://sendgrid.net")
    assert state.late(Late(HOST, TARGET), imported) is None
    assert next(iter(state.seen(imported))).names == frozenset()
    assert state.leads_here("z-1a2b.kxcdn.com.")
    assert not state.leads_here("kxcdn.com.example.")


# at the API ---------------------------------------------------------------------------------------
@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    made = Lab(tmp_path / "lab")
    yield made
    made.close()


def seen(candidates: Any) -> list[tuple[str, str]]:
    return [(one.id, one.doubt) for one in candidates]


def test_a_zone_is_ours_by_its_name_and_an_alias_by_its_zone(lab: Lab) -> None:
    client = KeyCdnApi(lab.settings.api_url("edges/keycdn"), KEYCDN_KEY)
    zone = {"name": "lp1", "originUrl": "https://sendgrid.net"}
    alias = {"name": HOST, "zoneId": "1"}
    assert seen(find.zones(zone, client)) == seen(find.aliases(alias, client)) == []
    body = {"name": "lp1", "type": "pull", "originurl": "https://sendgrid.net"}
    made = client.call("POST", "zones", WaitingHere(5), body)["zone"]["id"]
    assert seen(find.zones(zone, client)) == [(made, "")]
    ((_, doubt),) = seen(find.zones({**zone, "originUrl": "https://spgo.io"}, client))
    assert doubt == "its origin is https://sendgrid.net, not https://spgo.io"
    alias_id = client.call("POST", "zonealiases", WaitingHere(5), {"name": HOST, "zone_id": made})["zonealias"]["id"]
    assert seen(find.aliases({**alias, "zoneId": made}, client)) == [(alias_id, "")]
    assert seen(find.aliases(alias, client)) == [(alias_id, f"it is of zone {made}, not 1")]
    assert seen(adopt.aliases(alias, client)) == [(alias_id, "")]


def test_a_refusal_says_keycdn_s_words_and_not_the_key(lab: Lab) -> None:
    client = KeyCdnApi(lab.settings.api_url("edges/keycdn"), "planted-key")
    with pytest.raises(LinkproofError, match=r"KeyCDN, GET /zones.json: HTTP 401, Unauthorized\.") as refused:
        client.listed("zones", WaitingHere(5))
    assert "planted" not in str(refused.value)
