"""Domains that an account authenticates: from the declaration to what the engine is told."""

from __future__ import annotations

from pathlib import Path

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
