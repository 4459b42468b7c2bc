"""Https is switched on for a user of the sender, so it is in every zone what it is in one."""

from __future__ import annotations

from linkproof.declaration.load import load_text

ZONES = """version: 1
zones:
  example.com: {dns: route53, id: Z2FDTNDATAQYW2}
  example.net: {dns: manual}
edges: {aws: {provider: cloudfront}}
links:
"""
SECURED = (
    "  a: {sender: sendgrid, click_host: url1.example.com, owner_host: 20.example.com, edge: aws, phase: secured}\n"
)


def found(*links: str, first: str = SECURED) -> list[tuple[str, str]]:
    lines = [
        f"  b{n}: {{sender: sendgrid, click_host: url{n + 2}.example.net, {link}}}\n" for n, link in enumerate(links)
    ]
    problems = load_text(ZONES + first + "".join(lines), "t.yaml").problems
    return [(p.path, p.severity) for p in problems if p.rule == "link.account-writes-https"]


def test_every_link_of_the_user_that_is_still_at_the_sender_is_told_in_whatever_zone() -> None:
    told = found(
        "owner_host: 20.example.net, phase: branded",
        "owner_host: 20.example.net, phase: ready, edge: aws",
        "owner_host: 20.example.net, phase: live, edge: aws",
        "owner_host: 21.example.net, phase: branded",
    )
    assert told == [("links.b0.phase", "error"), ("links.b1.phase", "error"), ("links.b2.phase", "warning")]


def test_a_link_that_no_mail_has_walks_the_whole_road_beside_a_secured_one() -> None:
    for phase in ("branded", "ready", "live", "secured"):
        assert found(f"owner_host: 20.example.net, edge: aws, phase: {phase}, in_use: false") == []


def test_users_of_another_account_region_or_number_are_not_mixed_up() -> None:
    assert found("owner_host: 20.example.net, phase: branded, account: external") == []
    assert found("owner_host: 20.example.net, phase: branded, region: eu") == []
    assert found("owner_host: 20.mail.example.net, phase: branded") == [("links.b0.phase", "error")], (
        "the same user below"
    )
    external = SECURED.replace("phase", "account: external, phase")
    assert found("owner_host: 20.example.net, phase: branded", first=external) == []
    assert found("owner_host: 20.example.net, phase: branded, account: external", first=external) != []


def test_who_writes_a_link_without_a_number_cannot_be_told() -> None:
    assert found("legacy: true, phase: branded") == []
    assert found("owner_host: em20.example.net, phase: branded") == []


def test_without_a_secured_link_nobody_is_told() -> None:
    assert found("owner_host: 20.example.net, phase: branded", first=SECURED.replace("secured", "live")) == []


def test_a_legacy_branding_is_one_cname() -> None:
    text = ZONES + "  old: {sender: sendgrid, click_host: email.example.net, phase: branded, legacy: true}\n"
    loaded = load_text(text, "t.yaml")
    assert loaded.declaration is not None, loaded.problems
    from linkproof.plan.build import build

    assert [(r.name, r.value) for r in build(loaded.declaration).records] == [("email.example.net", "sendgrid.net.")]
