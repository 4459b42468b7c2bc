"""A certificate of the user's own at Google's load balancer: used, never made, and looked at before a click is led to it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from linkproof.contract.checks import CaaNeed
from linkproof.contract.guard import Deployment, Past, Refusal
from linkproof.edges.gcp import guard, items
from linkproof.engine.state import read_state
from linkproof.errors import LinkproofError
from linkproof.plan.build import build
from linkproof.standing.certificates import certificates
from linkproof.vendors.gcp.account import Options, Secrets
from linkproof.vendors.gcp.client import GcpClient, client
from linkproof_lab import ca
from linkproof_lab.vendors.gcp.facts import GCP_TOKEN, endpoints

from tests.engine_state.deployed import NET, ZONES, link, resource
from tests.lab.apis.conftest import Lab
from tests.managed import read
from tests.program.recorded import run

BELOW = "projects/acme/locations/global/certificates"
ID, OTHER = f"{BELOW}/mine", f"{BELOW}/other"
NOW = datetime(2026, 11, 29, tzinfo=UTC)


def declared(certificates: str, phase: str = "live") -> Any:
    edges = f"edges:\n  aws: {{provider: gcp, certificates: {{{certificates}}}}}\n"
    return read(ZONES + edges + f"links:\n  {link(phase)}\n")


@pytest.mark.parametrize(
    ("given", "used"),
    [
        (f"'*.example.net': {ID}", ID),
        (f"{NET}: {OTHER}, '*.example.net': {ID}", OTHER),
        (f"'*.mail.example.net': {ID}", ""),
    ],
)
def test_the_map_has_the_one_that_covers_the_host(given: str, used: str) -> None:
    plan = build(declared(given))
    (entry,) = (item for item in plan.items if isinstance(item, items.MapEntry))
    made = [item for item in plan.items if isinstance(item, (items.Certificate, items.Authorization))]
    assert (entry.own_certificate, len(made)) == (used, 0 if used else 2)
    assert any(record.id.endswith("/validation") for record in plan.records) == (not used)
    assert any(isinstance(check, CaaNeed) for check in plan.checks) == (not used)


def test_the_engine_makes_no_certificate_and_shows_the_user_s(tmp_path: Path) -> None:
    text = f"""
        version: 1
        zones: {{example.net: {{dns: route53, id: Z0EXAMPLE0NET}}}}
        edges: {{google: {{provider: gcp, certificates: {{url1.example.net: {ID}}}}}}}
        links: {{one: {{sender: sendgrid, click_host: {NET}, owner_host: 1.example.net, edge: google, phase: live}}}}
    """
    made = run(textwrap.dedent(text), work=tmp_path)
    (entry,) = made.of(items.MAP_ENTRY)
    assert (entry.inputs["certificates"], entry.inputs["hostname"], entry.protect) == ([ID], NET, True)
    assert not [*made.of(items.CERTIFICATE), *made.of(items.AUTHORIZATION)]
    assert f"{NET}/gcp-validation" not in {one.name for one in made.resources}


def test_its_days_are_said_with_who_renews_it() -> None:
    seen = {"id": "x", "host": NET, "not_before": "2026-10-01T00:00:00+00:00", "not_after": "2026-12-30T00:00:00+00:00"}
    (row,) = certificates("prod", declared(f"{NET}: {ID}"), {"certificates": [seen]}, NOW, NOW).rows
    assert (row.renewed_by, row.is_yours, row.days_left) == (f"you ({ID})", True, 31)


# the guard ----------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    made = Lab(tmp_path_factory.mktemp("lab"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def google(lab: Lab) -> GcpClient:
    given = {"project": "acme", **endpoints(lab.settings.api_url("vendors/gcp"))}
    return client(
        "default", Options.model_validate(given), Secrets.model_validate({"gcpAccessToken": GCP_TOKEN}), "dev"
    )


def upload(lab: Lab, google: GcpClient, name: str, *hosts: str, key_of: str = "") -> None:
    made = ca.issue(lab.settings, list(hosts), key="ec256")
    key = ca.issue(lab.settings, [key_of], key="ec256").key_pem if key_of else made.key_pem
    body = {"selfManaged": {"pemCertificate": made.cert_pem + made.chain_pem, "pemPrivateKey": key}}
    google.post(f"{google.certificate_manager}{BELOW}?certificateId={name}", body)


def judged(google: GcpClient, certificates: str) -> list[Refusal]:
    plan = build(declared(certificates))
    deployment = Deployment(plan.items, read_state({"deployment": {"resources": []}}), ())
    return list(guard.judge_at_vendor(deployment, lambda vendor, account: google))


def test_what_is_uploaded_is_never_shown_with_its_key(lab: Lab, google: GcpClient) -> None:
    upload(lab, google, "shown", "*.example.net")
    found = google.find(f"{google.certificate_manager}{BELOW}/shown") or {}
    assert found["sanDnsnames"] == ["*.example.net"]
    assert "PRIVATE KEY" not in str(found)
    with pytest.raises(LinkproofError, match="does not match"):
        upload(lab, google, "half", NET, key_of="other.example.net")


@pytest.mark.parametrize(
    ("hosts", "problem"),
    [((NET,), ""), (("*.example.net",), ""), (("www.example.net", "url2.example.net"), "it covers www.example.net, ")],
)
def test_a_click_is_led_only_to_a_certificate_that_covers_it(
    lab: Lab, google: GcpClient, hosts: tuple[str, ...], problem: str
) -> None:
    name = hosts[0].replace("*", "all").replace(".", "-")
    upload(lab, google, name, *hosts)
    said = [str(one) for one in judged(google, f"{NET}: {BELOW}/{name}")]
    assert [problem in one for one in said] == ([True] if problem else [])


def test_a_click_is_not_led_to_a_certificate_that_is_not_there(google: GcpClient) -> None:
    (refusal,) = judged(google, f"{NET}: {BELOW}/gone")
    assert (refusal.rule, refusal.host) == (guard.RULE, NET)
    assert "your certificate for it is not in Certificate Manager" in refusal.message


@pytest.mark.parametrize(
    ("phases", "is_own", "held", "refused"),
    [
        ({"live"}, False, (items.MAP_ENTRY,), True),
        ({"ready"}, False, (items.MAP_ENTRY,), False),
        ({"secured"}, True, (items.MAP_ENTRY,), False),
        ({"secured"}, False, (items.MAP_ENTRY, items.CERTIFICATE), False),
    ],
)
def test_a_host_in_use_does_not_lose_the_user_s_certificate_to_one_that_is_not_issued(
    phases: set[str], is_own: bool, held: tuple[str, ...], refused: bool
) -> None:
    state = read_state({"deployment": {"resources": [resource(rtype, NET, provider="gcp-default") for rtype in held]}})
    plan = build(declared(f"{NET}: {ID}" if is_own else ""))
    found = list(guard.judge(Deployment(plan.items, state, (Past(NET, frozenset(phases)),))))
    assert [one.host for one in found] == ([NET] if refused else [])
