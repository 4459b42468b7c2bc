"""KARTE's SendGrid plugin, from the block of the declaration to what the engine is told and a person types."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from linkproof.contract.guard import Deployment
from linkproof.contract.state import Resource, State
from linkproof.errors import LinkproofError
from linkproof.karte.plugin_sheet import EMPTY, TICKED, entries, form_of, karte_sender
from linkproof.plan.build import build
from linkproof.plan.diff import diff_plans
from linkproof.plan.model import Plan
from linkproof.plan.render import render, to_json
from linkproof.senders.sendgrid.account import Options, Secrets
from linkproof.senders.sendgrid.guard import judge
from linkproof.senders.sendgrid.items import API_KEY, ApiKey
from linkproof.senders.sendgrid.karte import hook_url

from tests.managed import read
from tests.program.recorded import run

KEY = "0123planted4567"
URL = f"https://t.karte.io/hook/{KEY}/sendgrid/event"


def text(keys: str = '["1"]', *, subuser: str = "karte-mail", subdomain: str = "em1", more: str = "") -> str:
    return f"""version: 1
zones:
  example.net: {{dns: route53, id: Z0EXAMPLE0NET}}
senders:
  mail:
    provider: sendgrid
    manage:
{f"      subuser: {subuser}" if subuser else ""}
      karte:
        from_address: info@Mail.Example.net
        from_name: 例社
        reply_to: help@example.net
{f"        subdomain: {subdomain}" if subdomain else ""}
        keys: {keys}
{more}"""


def planned(keys: str = '["1"]', **more: str) -> Plan:
    return build(read(text(keys, **more)))


# the plan -------------------------------------------------------------------------------------------
def test_one_block_is_domain_records_subuser_s_domain_key_and_hook() -> None:
    plan = planned()
    assert [(item.kind, item.resource, item.protect) for item in plan.items] == [
        ("record", "em1.mail.example.net/CNAME", True),
        ("record", "s1._domainkey.mail.example.net/CNAME", True),
        ("record", "s2._domainkey.mail.example.net/CNAME", True),
        ("authenticated domain", "em1.mail.example.net/domain", True),
        ("validation of the domain", "em1.mail.example.net/domain-valid", False),
        ("subuser's domain", "default/karte-mail/domain", False),
        ("API key", "karte-mail/KARTE-1", True),
        ("event webhook", "karte-mail/KARTE", False),
    ]
    assert {record.zone for record in plan.records} == {"example.net"}


def test_the_key_has_the_guide_s_two_rights_and_no_other() -> None:
    (key,) = [item for item in planned().items if isinstance(item, ApiKey)]
    assert (key.scopes, key.subuser) == (("mail.send", "stats.read"), "karte-mail")


def test_a_domain_of_before_is_only_given_to_the_subuser_and_without_one_nothing_is() -> None:
    assert [item.kind for item in planned(subdomain="").items] == ["subuser's domain", "API key", "event webhook"]
    assert [item.kind for item in planned(subdomain="", subuser="").items] == ["API key", "event webhook"]


def test_the_declaration_alone_is_no_empty_stack_and_uses_its_zone() -> None:
    from linkproof.declaration.load import load_text

    assert [problem.rule for problem in load_text(text(), "test.yaml").problems] == []
    assert [problem.rule for problem in load_text(text(subdomain=""), "test.yaml").problems] == ["zones.unused"]


# the key's three steps ------------------------------------------------------------------------------
def deployed(plan: Plan) -> State:
    found = [item for item in plan.items if isinstance(item, ApiKey)]
    return State(
        tuple(
            Resource(f"urn:pulumi:t::p::{API_KEY}::{one.resource}", API_KEY, "id", {}, {}, one.protect, None, None)
            for one in found
        ),
        {},
        (),
    )


def refused(before: str, after: str) -> list[str]:
    """The guard's fix of each refusal."""
    return [one.fix for one in judge(Deployment(planned(after).items, deployed(planned(before)), ()))]


def test_a_key_is_changed_by_adding_the_new_one_and_then_removing_the_old() -> None:
    steps = [
        [str(one) for one in diff_plans(planned(a), planned(b))]
        for a, b in (('["1"]', '["1", "2"]'), ('["1", "2"]', '["2"]'))
    ]
    assert steps == [
        ["update API key karte-mail/KARTE-1: the engine may delete it", "create API key karte-mail/KARTE-2"],
        ["delete API key karte-mail/KARTE-1"],
    ]  # fmt: skip
    assert refused('["1"]', '["1", "2"]') == refused('["1", "2"]', '["2"]') == []


@pytest.mark.parametrize(
    ("before", "after", "way"), [('["1"]', '["2"]', '"1", "2"'), ('["1", "2"]', '["1"]', '"2", "1"')]
)
def test_the_key_that_karte_sends_with_does_not_go_before_another_has_come(before: str, after: str, way: str) -> None:
    (fix,) = refused(before, after)
    assert f"write `keys: [{way}]` and deploy" in fix


# the program ----------------------------------------------------------------------------------------
def test_the_program_makes_each_part_after_what_it_needs(tmp_path: Path) -> None:
    made = run(text(), work=tmp_path, secrets={"default": {"karteApiKey": KEY}})
    domain = made.get("domain", "em1.mail.example.net/domain")
    assert (domain.inputs["domain"], domain.inputs["subdomain"], domain.inputs["unusedElsewhere"]) == ("mail.example.net", "em1", True)  # fmt: skip
    assert "subuser" not in domain.inputs, "the account's own, which the subuser is given"
    dkim = made.record("s1._domainkey.mail.example.net/CNAME")
    assert dkim.inputs["records"] == ["dkim1.u1234567.wl.sendgrid.net"]
    assert "em1.mail.example.net/domain" in dkim.depends_on
    valid = made.get("domain-validation", "em1.mail.example.net/domain-valid")
    assert dkim.name in valid.depends_on
    assert valid.create_timeout == "30m"
    share = made.get("domain-assignment", "default/karte-mail/domain")
    assert (share.inputs, valid.name in share.depends_on) == (
        {"domain": "mail.example.net", "username": "karte-mail"},
        True,
    )


def test_the_hook_s_url_is_a_secret_and_in_nothing_else(tmp_path: Path) -> None:
    made = run(text(), work=tmp_path, secrets={"default": {"karteApiKey": KEY}})
    hook = made.get("webhook", "karte-mail/KARTE")
    assert (hook.inputs["url"], hook.secrets) == (URL, {"url"})
    assert "events" not in hook.inputs, "all of them"
    assert hook.inputs["signed"] is False
    assert (hook.secret_outputs, made.get("api-key", "karte-mail/KARTE-1").secret_outputs) == (("url",), ("apiKey",))
    others = [(one.name, one.inputs) for one in made.resources if one is not hook]
    assert KEY not in str((others, made.outputs, made.log))


def test_the_plan_shows_the_hook_without_its_key() -> None:
    declaration = read(text())
    shown: Any = [
        render(declaration, planned()),
        to_json(declaration, planned()),
        str(diff_plans(planned(), planned('["2"]'))),
    ]
    assert "/hook/[secret]/sendgrid/event" in str(shown[1])


@pytest.mark.parametrize("key", ["", "with spaces", "https://t.karte.io/hook/planted4567/sendgrid/event"])
def test_a_key_that_is_missing_or_is_none_is_refused_unseen(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.delenv("KARTE_API_KEY", raising=False)
    secrets = Secrets(karteApiKey=key) if key else Secrets()
    with pytest.raises(LinkproofError) as told:
        hook_url("brand", Options(), secrets)
    assert "linkproof:secrets.brand.karteApiKey" in told.value.fix
    assert "planted" not in str(told.value)


# the plugin's page ----------------------------------------------------------------------------------
def test_the_sheet_has_the_page_s_eight_fields_in_its_order() -> None:
    form = form_of(karte_sender(read(text(more="        open_tracking: false\n")), None))
    assert [(one.name, one.value) for one in entries(form, "the key")] == [
        ("有効化", TICKED),
        ("API key", "the key"),
        ("送信アドレス", "info@Mail.Example.net"),
        ("送信者名", "例社"),
        ("返信先アドレス", "help@example.net"),
        ("クリックトラッキングの無効化", EMPTY),
        ("開封トラッキングの無効化", TICKED),
        ("通知先メールアドレス", "(空欄)"),
    ]


def test_a_declaration_without_the_block_says_where_to_write_it() -> None:
    with pytest.raises(LinkproofError, match="no entry under `senders:` has `karte`"):
        karte_sender(read("version: 1\nsenders:\n  mail: {provider: sendgrid, manage: {}}\n"), None)
