"""Domains that an account authenticates: from the declaration to what the engine is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from linkproof.declaration.load import load_text
from linkproof.plan.build import build

from tests.managed import read
from tests.program.recorded import run

TEXT = """version: 1
zones:
  example.net: {dns: route53, id: Z0EXAMPLE0NET}
senders:
  mail:
    provider: sendgrid
    manage:
      domains:
        Mail.example.net: {subdomain: em1}
        news.example.net: {subdomain: em1}
"""


def test_each_domain_is_made_published_and_validated_on_its_own() -> None:
    plan = build(read(TEXT))
    assert [(item.kind, item.resource, item.protect) for item in plan.objects] == [
        (kind, f"em1.{name}.example.net/{end}", protect)
        for name in ("mail", "news")
        for kind, end, protect in (
            ("authenticated domain", "domain", True),
            ("validation of the domain", "domain-valid", False),
        )
    ]
    assert [record.name for record in plan.records] == [
        f"{label}.{name}.example.net"
        for name in ("mail", "news")
        for label in ("em1", "s1._domainkey", "s2._domainkey")
    ]
    assert {record.zone for record in plan.records} == {"example.net"}
    assert len({record.id for record in plan.records}) == 6


def test_its_zone_is_in_use() -> None:
    assert load_text(TEXT, "test.yaml").problems == ()
    assert [one.rule for one in load_text(TEXT.partition("senders:")[0], "test.yaml").problems] == [
        "link.none",
        "zones.unused",
    ]


def test_the_engine_is_told_of_domain_records_and_validation_in_this_order(tmp_path: Path) -> None:
    recorded = run(TEXT, work=tmp_path)
    domain = recorded.get("domain", "em1.mail.example.net/domain")
    assert (domain.inputs["domain"], domain.inputs["subdomain"]) == ("mail.example.net", "em1")
    record = recorded.record("s1._domainkey.mail.example.net/CNAME")
    assert record.inputs["records"] == ["dkim1.u1234567.wl.sendgrid.net"]
    assert "em1.mail.example.net/domain" in record.depends_on
    valid = recorded.get("domain-validation", "em1.mail.example.net/domain-valid")
    assert set(valid.depends_on) >= {"em1.mail.example.net/CNAME", "s1._domainkey.mail.example.net/CNAME"}


# without automatic security, and with a selector ------------------------------------------------------
OF_ONE = """version: 1
zones:
  example.net: {{dns: {dns}, id: {id}}}
senders:
  mail: {{provider: sendgrid, manage: {{domains: {{mail.example.net: {{subdomain: em1, {more}}}}}}}}}
"""


def one(more: str, *, dns: str = "route53", id_: str = "Z0EXAMPLE0NET") -> str:
    return OF_ONE.format(dns=dns, id=id_, more=more)


BY_HAND = "automatic_security: false, custom_spf: true, ips: [192.0.2.7], default: true, subusers: [news]"


def test_without_automatic_security_mx_spf_and_key_are_published_by_their_roles(tmp_path: Path) -> None:
    recorded = run(one(BY_HAND), work=tmp_path)
    domain = recorded.get("domain", "em1.mail.example.net/domain")
    assert domain.inputs == {
        "domain": "mail.example.net", "subdomain": "em1", "region": "us", "default": True, "automaticSecurity": False,
        "customSpf": True, "ips": ["192.0.2.7"], "unusedElsewhere": True,
    }  # fmt: skip
    server, spf, key = (
        recorded.record(f"em1.mail.example.net/{role}") for role in ("mail_server", "subdomain_spf", "dkim")
    )
    said = [(one.inputs["type"], one.inputs["name"], one.inputs["records"]) for one in (server, spf)]
    assert said == [
        ("MX", "em1.mail.example.net.", ["10 mx.sendgrid.net"]),
        ("TXT", "em1.mail.example.net.", ["v=spf1 ip4:192.0.2.7 -all"]),
    ]
    assert key.inputs["name"] == "m1._domainkey.mail.example.net."
    (text,) = key.inputs["records"]
    assert [len(part) for part in text.split('" "')] == [255, 59], "a text has strings of 255 octets at most"
    valid = recorded.get("domain-validation", "em1.mail.example.net/domain-valid")
    assert set(valid.depends_on) >= {server.name, spf.name, key.name}
    share = recorded.get("domain-assignment", "default/news/domain")
    assert valid.name in share.depends_on


def test_cloudflare_has_the_preference_of_an_mx_apart(tmp_path: Path) -> None:
    recorded = run(one(BY_HAND, dns="cloudflare", id_="023e105f4ecef8ad9ca31a8372d0c353"), work=tmp_path)
    inputs = recorded.record("em1.mail.example.net/mail_server").inputs
    assert (inputs["content"], inputs["priority"]) == ("mx.sendgrid.net", 10)
    assert "settings" not in inputs


def test_with_a_selector_the_api_says_the_names_and_other_accounts_are_no_obstacle(tmp_path: Path) -> None:
    recorded = run(one("custom_dkim_selector: abc"), work=tmp_path)
    domain = recorded.get("domain", "em1.mail.example.net/domain")
    assert (domain.inputs["customDkimSelector"], "unusedElsewhere" in domain.inputs) == ("abc", False)
    key = recorded.record("em1.mail.example.net/dkim2")
    assert (key.inputs["name"], key.inputs["records"]) == (
        "abc2._domainkey.mail.example.net.",
        ["dkim2.u1234567.wl.sendgrid.net"],
    )
    assert recorded.record("em1.mail.example.net/CNAME").inputs["name"] == "em1.mail.example.net"


@pytest.mark.parametrize(
    ("more", "key", "said"),
    [
        ("custom_spf: true, ips: [192.0.2.7]", "custom_spf", "with automatic security"),
        ("automatic_security: false, custom_spf: true", "custom_spf", "there is none"),
        ("ips: [192.0.2.7]", "ips", "without `custom_spf`"),
        ("automatic_security: false, custom_spf: true, ips: [a.example]", "ips", "no IPv4 address"),
        ("custom_dkim_selector: abcd", "custom_dkim_selector", "no DKIM selector"),
    ],
)
def test_what_nothing_would_come_of_is_refused_with_its_reason(more: str, key: str, said: str) -> None:
    (problem,) = load_text(one(more), "test.yaml").problems
    assert (problem.rule, problem.path) == ("sendgrid.domain", f"senders.mail.manage.domains.mail.example.net.{key}")
    assert said in problem.message


def test_a_subuser_has_one_domain_and_an_account_one_default() -> None:
    more = "default: true, subusers: [news]"
    second = f"news.example.net: {{subdomain: em2, {more}}}"
    text = one(more).replace("{domains: {mail", f"{{domains: {{{second}, mail")
    assert [problem.rule for problem in load_text(text, "test.yaml").problems] == [
        "sendgrid.domain-default",
        "sendgrid.domain-subuser",
    ]
