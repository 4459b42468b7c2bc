"""Fastly: what the engine is given, what its state says, and what is found at the lab's API."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from linkproof.contract.state import Resource, State
from linkproof.contract.values import Late
from linkproof.edges.fastly import adopt, find, state
from linkproof.edges.fastly.challenges import challenge, target_of
from linkproof.edges.fastly.client import FastlyClient
from linkproof.edges.fastly.items import SERVICE, SUBSCRIPTION
from linkproof.errors import LinkproofError
from linkproof_lab.edges.fastly.facts import FASTLY_KEY, TARGET

from tests.lab.apis.conftest import Lab
from tests.lab.apis.test_fastly import Api
from tests.program.recorded import Recorded, run

HOST = "url1.example.net"
MARK = "linkproof acme/linkproof/test"


def program(work: Path, link: str = "", edge: str = "", sender: str = "sendgrid") -> Recorded:
    owner = f", owner_host: 1234567.example.net{link}" if sender == "sendgrid" else link
    text = f"""
        version: 1
        zones: {{example.net: {{dns: route53, id: Z0EXAMPLE0NET}}}}
        edges: {{cdn: {{provider: fastly{edge}}}}}
        senders: {{braze: {{provider: sparkpost, account: external}}}}
        links: {{one: {{sender: {sender}, click_host: {HOST}{owner}, edge: cdn, phase: live}}}}
    """
    if sender == "sendgrid":
        text = "\n".join(line for line in text.splitlines() if "senders:" not in line)
    return run(textwrap.dedent(text), work=work)


def test_a_service_asks_its_origin_over_tls_keeps_nothing_and_asks_once(tmp_path: Path) -> None:
    made = program(tmp_path).get("fastly-service", HOST).inputs
    (backend,) = made["backends"]
    assert backend == {
        "name": "origin", "address": "sendgrid.net", "port": 443, "useSsl": True, "sslCheckCert": True,
        "sslSniHostname": "sendgrid.net", "sslCertHostname": "sendgrid.net", "minTlsVersion": "1.2",
    }  # fmt: skip
    assert made["requestSettings"] == [{"name": "no cache", "action": "pass"}]
    assert [one["action"] for one in made["cacheSettings"]] == ["pass"]
    assert made["snippets"] == [{"name": "to the origin", "type": "pass", "content": "unset bereq.http.Cookie;"}]
    assert (made["comment"], made["forceDestroy"]) == (MARK, True)
    assert not {"gzips", "defaultHost", "vcls"} & made.keys()


def test_the_click_record_stands_behind_the_certificate_and_leads_where_the_subscription_says(tmp_path: Path) -> None:
    made = program(tmp_path)
    click = made.record(f"{HOST}/CNAME")
    assert [value.rstrip(".") for value in click.inputs["records"]] == [TARGET]
    proof = made.record(f"{HOST}/fastly-validation")
    assert proof.inputs["name"].rstrip(".") == f"_acme-challenge.{HOST}"
    wait = made.get("fastly-wait", HOST)
    assert (proof.name in wait.depends_on, wait.create_timeout) == (True, "75m")
    assert HOST in click.depends_on, "the wait"
    assert made.get("fastly-subscription", HOST).inputs == {
        "domains": [HOST], "certificateAuthority": "certainly", "forceDestroy": True
    }  # fmt: skip


def test_beside_another_edge_of_the_host_each_publishes_its_own_proof(tmp_path: Path) -> None:
    text = f"""
        version: 1
        zones: {{example.net: {{dns: route53, id: Z0EXAMPLE0NET}}}}
        edges: {{cdn: {{provider: fastly}}, aws: {{provider: cloudfront}}}}
        links: {{one: {{sender: sendgrid, click_host: {HOST}, owner_host: 1.example.net, edge: cdn, standby: aws, phase: live}}}}
    """
    made = run(textwrap.dedent(text), work=tmp_path)
    assert made.record(f"{HOST}/fastly-validation").inputs["name"].rstrip(".") == f"_acme-challenge.{HOST}"
    assert not made.record(f"{HOST}/validation").inputs["name"].startswith("_acme-challenge.")


def test_ipv6_takes_the_dual_stack_name(tmp_path: Path) -> None:
    click = program(tmp_path, ", families: [4, 6]").record(f"{HOST}/CNAME")
    assert [value.rstrip(".") for value in click.inputs["records"]] == [f"dualstack.{TARGET}"]


def test_authority_and_configuration_are_the_edge_s(tmp_path: Path) -> None:
    made = program(tmp_path, edge=", authority: globalsign, configuration: AbC123").get("fastly-subscription", HOST)
    assert (made.inputs["certificateAuthority"], made.inputs["configurationId"]) == ("globalsign", "AbC123")


def test_x_forwarded_host_says_the_click_host_where_braze_asks(tmp_path: Path) -> None:
    (snippet,) = program(tmp_path, sender="braze").get("fastly-service", HOST).inputs["snippets"]
    assert f'set bereq.http.X-Forwarded-Host = "{HOST}";' in snippet["content"]


# state --------------------------------------------------------------------------------------------
def resource(rtype: str, outputs: dict[str, Any], **inputs: Any) -> Resource:
    return Resource(
        f"urn:pulumi:test::linkproof::{rtype}::{HOST}", rtype, "id", inputs, outputs, False, None, None, "cdn"
    )


OUTPUTS = {
    "managedDnsChallenges": [
        {"recordName": f"_acme-challenge.{HOST}", "recordType": "CNAME", "recordValue": "a.fastly-validations.com"}
    ],
    "managedHttpChallenges": [
        {"recordName": HOST, "recordType": "A", "recordValues": ["151.101.2.132"]},
        {"recordName": HOST, "recordType": "CNAME", "recordValues": [TARGET]},
    ],
}


def test_the_state_says_where_hosts_lead_and_whose_origin_they_have() -> None:
    service = resource(SERVICE, {}, backends=[{"address": "sendgrid.net"}])
    held = State((service, resource(SUBSCRIPTION, OUTPUTS)), {}, ())
    (seen,) = state.seen(held)
    assert (seen.host, seen.account, seen.origins) == (HOST, "cdn", frozenset({"sendgrid.net"}))
    assert seen.names == {f"{TARGET}.", f"dualstack.{TARGET}."}
    found = {name: state.late(Late(HOST, name), held) for name in ("target", "challenge_name", "challenge_value", "x")}
    assert found == {
        "target": f"{TARGET}.",
        "challenge_name": f"_acme-challenge.{HOST}.",
        "challenge_value": "a.fastly-validations.com.",
        "x": None,
    }
    (half,) = state.seen(State((service,), {}, ()))
    assert half.names == frozenset(), "the subscription was not made yet"
    assert state.late(Late(HOST, "target"), State((resource(SUBSCRIPTION, {}),), {}, ())) is None
    assert state.leads_here("n.sni.global.fastly.net.")
    assert not state.leads_here("fastly.net.example.")


def test_a_subscription_that_says_nothing_of_a_cname_is_an_error_with_a_fix() -> None:
    with pytest.raises(LinkproofError, match="offers no DNS challenge") as refused:
        challenge([], HOST)
    assert "e-mail challenge" in refused.value.fix
    with pytest.raises(LinkproofError, match="does not say by a CNAME"):
        target_of(OUTPUTS["managedHttpChallenges"][:1])


# at the API ---------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    made = Lab(tmp_path_factory.mktemp("lab"))
    yield made
    made.close()


def seen(candidates: Any) -> list[tuple[str, str]]:
    return [(one.id, one.doubt) for one in candidates]


def test_a_service_is_ours_by_its_name_and_the_mark_in_its_comment(lab: Lab) -> None:
    api, client = Api(lab), FastlyClient(lab.settings.api_url("edges/fastly"), FASTLY_KEY)
    wanted = {"name": "linkproof-a", "comment": MARK, "domains": [{"name": "a.example.net"}]}
    assert seen(find.services(wanted, client)) == []
    made = api.service("linkproof-a", "a.example.net")
    ((id_, doubt),) = seen(find.services(wanted, client))
    assert (id_, "its comment says nothing" in doubt) == (made, True)
    api.ask("PUT", f"/service/{made}", {"comment": MARK})
    assert seen(find.services(wanted, client)) == [(made, "")]
    assert seen(adopt.services({**wanted, "name": "x"}, client)) == [(made, "")], "by its domain alone"
    several = api.service("theirs", "b.example.net", "c.example.net")
    ((id_, doubt),) = seen(adopt.services({"domains": [{"name": "b.example.net"}]}, client))
    assert (id_, doubt) == (several, "it also serves c.example.net")


def test_a_subscription_is_ours_where_it_is_exactly_what_was_to_be_created(lab: Lab) -> None:
    api, client = Api(lab), FastlyClient(lab.settings.api_url("edges/fastly"), FASTLY_KEY)
    wanted = {"domains": ["s.example.net"], "certificateAuthority": "certainly"}
    api.service("with-s", "s.example.net", "t.example.net")
    assert seen(find.subscriptions(wanted, client)) == []
    made = api.subscribe("s.example.net", authority="certainly").json()["data"]["id"]
    assert seen(find.subscriptions(wanted, client)) == [(made, "")]
    ((_, doubt),) = seen(find.subscriptions({**wanted, "certificateAuthority": "lets-encrypt"}, client))
    assert "its authority is certainly" in doubt
    assert seen(adopt.subscriptions(wanted, client)) == [], "it is not issued"
    api.subscribe("s.example.net", "t.example.net", authority="certainly")
    ((_, doubt),) = [one for one in seen(find.subscriptions(wanted, client)) if one[0] != made]
    assert doubt == "it is for s.example.net, t.example.net"


def test_a_refusal_says_fastly_s_words_and_not_the_token(lab: Lab) -> None:
    client = FastlyClient(lab.settings.api_url("edges/fastly"), "planted-token")
    with pytest.raises(LinkproofError, match="401 Provided credentials are missing or invalid") as refused:
        list(client.services())
    assert "planted" not in str(refused.value)
    elsewhere = FastlyClient(lab.settings.api_url("vendors/cloudflare"), FASTLY_KEY)
    with pytest.raises(LinkproofError):
        list(elsewhere.services())
