"""A certificate of the user's own at Fastly: TLS is switched on with it, and nothing of it is made or deleted."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from linkproof.contract.checks import CaaNeed
from linkproof.contract.guard import Deployment
from linkproof.edges.fastly import adopt, find, guard, state
from linkproof.edges.fastly.client import FastlyClient
from linkproof.edges.fastly.items import ACTIVATION, SERVICE, SUBSCRIPTION, Activation, Subscription
from linkproof.engine.state import read_state
from linkproof.plan.build import build
from linkproof.standing.certificates import certificates
from linkproof_lab.edges.fastly.facts import FASTLY_KEY, TARGET

from tests.engine_state.deployed import NET, ZONES, link, resource
from tests.lab.apis.conftest import Lab
from tests.lab.apis.test_fastly import Api
from tests.lab.apis.test_fastly_certificates import activate, upload
from tests.managed import read
from tests.program.recorded import run

ID, OTHER = "AbCdEfGhIj0000000000a1", "AbCdEfGhIj0000000000a2"
NOW = datetime(2026, 11, 29, tzinfo=UTC)
RECORD = "aws:route53/record:Record"


def declared(certificates: str, phase: str = "live") -> Any:
    edges = f"edges:\n  aws: {{provider: fastly, target: {TARGET}, certificates: {{{certificates}}}}}\n"
    return read(ZONES + edges + f"links:\n  {link(phase)}\n")


@pytest.mark.parametrize(
    ("given", "used"),
    [
        (f"'*.example.net': {ID}", ID),
        (f"{NET}: {OTHER}, '*.example.net': {ID}", OTHER),
        (f"'*.mail.example.net': {ID}", ""),
    ],
)
def test_tls_is_on_with_the_one_that_covers_the_host(given: str, used: str) -> None:
    plan = build(declared(given))
    assert [item.certificate for item in plan.items if isinstance(item, Activation)] == ([used] if used else [])
    assert bool([item for item in plan.items if isinstance(item, Subscription)]) == (not used)
    assert any(record.id.endswith("/validation") for record in plan.records) == (not used)
    assert any(isinstance(check, CaaNeed) for check in plan.checks) == (not used)


def program(work: Path, link: str = "", edge: str = "") -> Any:
    text = f"""
        version: 1
        zones: {{example.net: {{dns: route53, id: Z0EXAMPLE0NET}}}}
        edges: {{cdn: {{provider: fastly, target: {TARGET}, certificates: {{'*.example.net': {ID}}}{edge}}}}}
        links: {{one: {{sender: sendgrid, click_host: {NET}, owner_host: 1.example.net, edge: cdn, phase: live{link}}}}}
    """
    return run(textwrap.dedent(text), work=work)


def test_the_click_record_stands_behind_the_activation_and_leads_to_the_declared_target(tmp_path: Path) -> None:
    made = program(tmp_path, edge=", configuration: Conf1")
    shown = made.get("fastly-activation", NET)
    assert shown.inputs == {"certificateId": ID, "domain": NET, "configurationId": "Conf1"}
    assert (shown.protect, NET in shown.depends_on) == (True, True), "the service comes first"
    click = made.record(f"{NET}/CNAME")
    assert [value.rstrip(".") for value in click.inputs["records"]] == [TARGET]
    assert NET in click.depends_on
    assert not made.of("fastly-subscription")


def test_ipv6_takes_the_dual_stack_name(tmp_path: Path) -> None:
    click = program(tmp_path, ", families: [4, 6]").record(f"{NET}/CNAME")
    assert [value.rstrip(".") for value in click.inputs["records"]] == [f"dualstack.{TARGET}"]


def test_its_days_are_said_with_who_renews_it() -> None:
    seen = {"id": "x", "host": NET, "not_before": "2026-10-01T00:00:00+00:00", "not_after": "2026-12-30T00:00:00+00:00"}
    (row,) = certificates("prod", declared(f"{NET}: {ID}"), {"certificates": [seen]}, NOW, NOW).rows
    assert (row.renewed_by, row.is_yours, row.days_left) == (f"you ({ID})", True, 31)


def held(*types: str, target: str = "") -> Any:
    resources = [resource(rtype, NET, provider="fastly-cdn") for rtype in types]
    if target:
        resources.append(resource(RECORD, f"{NET}/CNAME", inputs={"records": [target]}, outputs={"records": [target]}))
    return read_state({"deployment": {"resources": resources}})


def test_the_state_says_by_the_click_record_where_the_host_leads() -> None:
    (seen,) = state.seen(held(SERVICE, ACTIVATION, target=f"dualstack.{TARGET}."))
    assert (seen.host, seen.names) == (NET, frozenset({f"dualstack.{TARGET}."}))
    (seen,) = state.seen(held(SERVICE, ACTIVATION, target="sendgrid.net."))
    assert seen.names == frozenset()


@pytest.mark.parametrize(
    ("given", "types", "refused"),
    [
        (f"{NET}: {ID}", (SERVICE, SUBSCRIPTION), "one of Fastly's to yours"),
        ("", (SERVICE, ACTIVATION), "yours to one of Fastly's"),
        (f"{NET}: {OTHER}", (SERVICE, ACTIVATION), ""),
        ("", (SERVICE, SUBSCRIPTION), ""),
        (f"{NET}: {ID}", (), ""),
    ],
)
def test_who_makes_the_certificate_does_not_change_while_the_edge_exists(
    given: str, types: tuple[str, ...], refused: str
) -> None:
    plan = build(declared(given, "ready"))
    found = list(guard.judge(Deployment(plan.items, held(*types), ())))
    assert [(one.rule, refused in one.message) for one in found] == ([(guard.RULE, True)] if refused else [])


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    made = Lab(tmp_path_factory.mktemp("lab"))
    yield made
    made.close()


def test_an_activation_is_found_by_its_host_and_its_certificate(lab: Lab) -> None:
    api, client = Api(lab), FastlyClient(lab.settings.api_url("edges/fastly"), FASTLY_KEY)
    api.service("one", NET)
    mine = upload(lab, api, NET)
    wanted = {"domain": NET, "certificateId": mine}
    assert list(find.activations(wanted, client)) == []
    made = activate(api, mine, NET).json()["data"]["id"]
    assert [(one.id, one.doubt) for one in find.activations(wanted, client)] == [(made, "")]
    (other,) = find.activations({**wanted, "certificateId": ID}, client)
    assert other.doubt == f"its certificate is {mine}, not {ID}"
    assert [(one.id, one.doubt) for one in adopt.activations({**wanted, "certificateId": ID}, client)] == [(made, "")]
