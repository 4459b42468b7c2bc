"""Subusers of an account: from the declaration to what the engine is told, and what is refused of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from linkproof.contract.guard import Deployment, Refusal
from linkproof.contract.state import Resource, State
from linkproof.declaration.load import load_text
from linkproof.plan.build import build
from linkproof.senders.sendgrid.guard import judge
from linkproof.senders.sendgrid.items import SUBUSER

from tests.managed import read
from tests.program.recorded import Recorded, run

BOTH = "{news: {email: news@example.net, ips: [192.0.2.7]}, old: {}}"
TEXT = f"""version: 1
zones:
  example.net: {{dns: route53, id: Z0EXAMPLE0NET}}
senders:
  account: {{provider: sendgrid, manage: {{subusers: {BOTH}}}}}
  news: {{provider: sendgrid, manage: {{subuser: news, click_tracking: true, api_keys: {{sending: {{scopes: [mail.send]}}}}}}}}
links:
  one: {{sender: news, click_host: url1.example.net, phase: branded}}
"""
PASSWORDS = {"default": {"sendgridSubuserPasswords": {"news": "planted-pass-1"}}}


def made(tmp_path: Path, secrets: Any = PASSWORDS, text: str = TEXT) -> Recorded:
    return run(text, work=tmp_path, secrets=secrets)


def faults(subusers: str, manage: str = "") -> list[tuple[str, str]]:
    text = f"version: 1\nsenders:\n  mail: {{provider: sendgrid, manage: {{subusers: {subusers}{manage}}}}}\n"
    found = load_text(text, "test.yaml").problems
    return [(one.path, one.message) for one in found if one.rule == "sendgrid.subuser"]


def test_one_with_an_address_is_made_and_one_without_is_looked_up(tmp_path: Path) -> None:
    recorded = made(tmp_path)
    subuser = recorded.get("subuser", "default/news/subuser")
    assert subuser.inputs == {
        "username": "news", "email": "news@example.net", "password": "planted-pass-1",
        "ips": ["192.0.2.7"], "disabled": False, "region": "us",
    }  # fmt: skip
    assert subuser.protect
    assert (subuser.secrets, subuser.secret_outputs, subuser.ignore_changes) == (
        {"password"}, ("password",), ("password",)
    )  # fmt: skip
    looked_up = recorded.get("existing-subuser", "default/old/subuser")
    assert (looked_up.inputs, looked_up.protect) == ({"username": "old"}, False)


def test_what_is_a_subuser_s_stands_after_it(tmp_path: Path) -> None:
    recorded = made(tmp_path)
    for kind, name in (("brand", "url1.example.net/brand"), ("api-key", "news/sending"), ("click-tracking", "news")):
        assert "default/news/subuser" in recorded.get(kind, name).depends_on, kind


def test_the_password_comes_from_the_environment_too_and_may_be_gone_once_it_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "password" not in made(tmp_path, {}).get("subuser", "default/news/subuser").inputs
    monkeypatch.setenv("SENDGRID_SUBUSER_PASSWORD_NEWS", "planted-pass-2")
    assert made(tmp_path, {}).get("subuser", "default/news/subuser").inputs["password"] == "planted-pass-2"


def test_the_password_is_in_nothing_else(tmp_path: Path) -> None:
    recorded = made(tmp_path)
    others = [(one.name, one.inputs) for one in recorded.resources if one.kind != "subuser"]
    assert "planted" not in str((others, recorded.outputs, recorded.log))
    assert "planted" not in str(build(read(TEXT)))


@pytest.mark.parametrize(
    ("subusers", "path", "said"),
    [
        ("{a/b: {email: a@example.net}}", "a/b", "no subuser's name"),
        ("{news: {email: nobody}}", "news.email", "no mail address"),
        ("{news: {email: a@example.net, ips: [example.net]}}", "news.ips", "no IPv4 address"),
        ("{news: {ips: [192.0.2.7]}}", "news.ips", "it is looked up"),
        ("{news: {disabled: true}}", "news.disabled", "it is looked up"),
    ],
)
def test_what_the_api_cannot_make_is_refused_with_its_place(subusers: str, path: str, said: str) -> None:
    ((found, message),) = faults(subusers)
    assert found == f"senders.mail.manage.subusers.{path}"
    assert said in message


def test_one_name_is_one_subuser_in_all_entries() -> None:
    entry = "{provider: sendgrid, manage: {subusers: {news: {}}}}"
    text = f"version: 1\nsenders:\n  a: {entry}\n  b: {entry}\n"
    (found,) = [one for one in load_text(text, "test.yaml").problems if one.rule == "sendgrid.subuser"]
    assert "senders.a.manage.subusers.news has this subuser already" in found.message


# the guard ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("after", ["{}", "{old: {}}", "{news: {}}"])
def test_one_that_something_belongs_to_is_not_deleted_even_unprotected(after: str) -> None:
    (refusal,) = refused(TEXT.replace(BOTH, after))
    assert (refusal.rule, refusal.host) == ("sendgrid.subuser-in-use", "default/news/subuser")
    assert "it is needed: " in refusal.message


def test_one_that_stays_or_leaves_with_all_that_it_has_is_none_of_its_business() -> None:
    assert refused(TEXT) == []
    without = TEXT.replace(BOTH, "{old: {}}").replace("subuser: news, ", "")
    assert refused(without) == []


def refused(text: str) -> list[Refusal]:
    """The guard's word on a deployment over one that has made `news`, which nothing protects any more."""
    name = "default/news/subuser"
    held = Resource(f"urn:pulumi:t::p::{SUBUSER}::{name}", SUBUSER, "news", {}, {}, False, None, None)
    return list(judge(Deployment(build(read(text)).items, State((held,), {}, ()), ())))
