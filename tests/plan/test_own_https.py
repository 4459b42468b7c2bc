"""The sender's own HTTPS in the plan: its records, where the click host leads, and what is proved in each phase."""

from __future__ import annotations

import pytest
from linkproof.contract.items import Record
from linkproof.plan.build import build
from linkproof.plan.model import Plan
from linkproof.plan.render import render
from linkproof.plan.words import clicks

from tests.plan.declared import declared, link, of

HOST = "url1.example.net"
OWN = "click.sendgrid.net."
BESIDE = {
    "1234567.example.net": ("CNAME", "sendgrid.net."),
    f"_acme-challenge.{HOST}": ("CNAME", "url.abc.dcv.cloudflare.com."),
    f"_cf-custom-hostname.{HOST}": ("TXT", '"0a1b2c"'),
}


def planned(edge: str, phase: str) -> Plan:
    return build(declared(link("a", HOST, phase, edge)))


def records(plan: Plan) -> dict[str, Record]:
    return {str(record.name): record for record in of(plan, Record)}


@pytest.mark.parametrize(
    ("edge", "phase", "stands"),
    [
        ("managed", "branded", True),
        ("managed", "secured", True),
        ("aws, own_https", "branded", True),
        ("aws, own_https", "ready", True),
        ("aws, own_https", "live", False),
        ("aws, own_https", "secured", False),
    ],
)
def test_the_records_stay_in_every_phase_and_the_click_host_moves_to_an_edge_of_one_s_own_alone(
    edge: str, phase: str, stands: bool
) -> None:
    found = records(planned(edge, phase))
    click = found[HOST]
    assert (click.value == OWN) is stands
    beside = {name: (found[name].type, found[name].value) for name in BESIDE}
    assert beside == BESIDE
    assert not any(record.proxied for record in found.values())
    assert all(found[name].protect is (phase in ("live", "secured")) for name in BESIDE)


@pytest.mark.parametrize(
    ("edge", "phase", "https", "connect"),
    [
        ("managed", "branded", "optional", None),
        ("managed", "secured", "required", None),
        ("aws, own_https", "branded", "optional", None),
        ("aws, own_https", "ready", "required", None),
        ("aws, own_https", "live", "optional", "click.sendgrid.net"),
    ],
)
def test_the_sender_s_certificate_is_asked_for_in_every_phase(
    edge: str, phase: str, https: str, connect: str | None
) -> None:
    plan = planned(edge, phase)
    (own,) = [one for one in plan.endpoints if one.edge == "managed"]
    assert (own.id, own.https, own.connect) == ("a/sender", https, connect)
    assert own.http == ("off" if connect else "required")
    if connect is None:
        assert any(need.id == "a/sender-caa" and "pki.goog" in need.cas for need in plan.caa)


def test_what_the_next_phase_takes_is_told_as_far_as_the_sender_documents_it() -> None:
    declaration = declared(link("a", HOST, "branded", "managed"))
    said = render(declaration, build(declaration))
    assert f"click host   {HOST}. CNAME {OWN}" in said
    assert "certificate  the sender's own" in said
    assert "prove url1.example.net (sender): port 443 must answer" in said
    assert "is not documented: a mail shows it" in said
    assert "support switches https on" not in said


def test_a_change_of_the_edge_is_said_as_what_it_is_for_a_click() -> None:
    own = "the sender (sendgrid, by its own HTTPS)"
    at_aws = "edge aws (cloudfront, account cdn)"
    for before, after, said in (
        (("managed", "secured"), ("aws, own_https", "ready"), []),
        (("aws, own_https", "ready"), ("aws, own_https", "live"), [f"{HOST}: clicks go to {at_aws} in place of {own}"]),
        (("aws, own_https", "live"), ("aws, own_https", "ready"), [f"{HOST}: clicks go to {own} in place of {at_aws}"]),
        (("aws, own_https", "ready"), ("managed", "secured"), []),
    ):
        assert list(clicks(planned(*before), planned(*after))) == said


def test_a_plain_link_is_as_it_was() -> None:
    found = records(planned("aws", "branded"))
    assert found[HOST].value == "sendgrid.net."
    assert not set(found) & (set(BESIDE) - {"1234567.example.net"})
    assert [one.https for one in planned("aws", "branded").endpoints] == ["off"]
