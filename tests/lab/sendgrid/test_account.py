"""Keys and their scopes, subusers, webhooks, domains, click tracking, and the rate limit."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from linkproof import registry
from linkproof_lab.senders.sendgrid.control_plane import scopes
from linkproof_lab.senders.sendgrid.facts import SENDGRID_KEY
from linkproof_lab.service import service

BARE = "SG.a-key-with-few-scopes-of-tests"


def test_the_lab_s_key_has_the_form_of_a_real_one_and_no_file_holds_a_made_one(lab: Any) -> None:
    assert (len(SENDGRID_KEY), SENDGRID_KEY[:3]) == (69, "SG.")
    made = lab.call("POST", "api_keys", {"name": "new", "scopes": ["mail.send"]}).json()
    assert (len(made["api_key"]), made["scopes"]) == (69, ["mail.send"])
    assert lab.call("GET", "scopes", key=made["api_key"]).json() == {"scopes": ["mail.send"]}
    for file in lab.settings.state_dir.rglob("*"):
        assert not file.is_file() or made["api_key"].encode() not in file.read_bytes(), file


@pytest.mark.parametrize(
    ("key", "status", "message"),
    [
        ("", 401, "authorization required"),
        ("SG.nobody-has-made-this", 401, "The provided authorization grant is invalid, expired, or revoked"),
    ],
)
def test_a_key_that_is_none_is_refused(lab: Any, key: str, status: int, message: str) -> None:
    answer = lab.call("GET", "whitelabel/links", key=key)
    assert (answer.status_code, answer.json()) == (status, {"errors": [{"field": None, "message": message}]})


CALLS = [
    ("GET", "whitelabel/links", None, "whitelabel.read"),
    ("POST", "whitelabel/links", {"domain": "example.net"}, "whitelabel.create"),
    ("POST", "whitelabel/links/1/validate", None, "whitelabel.update"),
    ("DELETE", "whitelabel/links/1", None, "whitelabel.delete"),
    ("GET", "whitelabel/domains", None, "whitelabel.read"),
    ("GET", "api_keys", None, "api_keys.read"),
    ("POST", "api_keys", {"name": "x", "scopes": []}, "api_keys.create"),
    ("PUT", "api_keys/x", {"name": "x"}, "api_keys.update"),
    ("DELETE", "api_keys/x", None, "api_keys.delete"),
    ("GET", "user/webhooks/event/settings/all", None, "user.webhooks.event.settings.read"),
    ("PATCH", "user/webhooks/event/settings/x", {}, "user.webhooks.event.settings.update"),
    ("POST", "user/webhooks/event/test", {}, "user.webhooks.event.test.create"),
    ("GET", "tracking_settings/click", None, "tracking_settings.click.read"),
    ("PATCH", "tracking_settings/click", {}, "tracking_settings.click.update"),
    ("GET", "subusers", None, "subusers.read"),
]


@pytest.mark.parametrize(("method", "path", "body", "scope"), CALLS)
def test_each_call_needs_its_scope(lab: Any, method: str, path: str, body: Any, scope: str) -> None:
    without = lab.key(BARE, *(scopes.KNOWN - {scope}))
    assert lab.call(method, path, body, key=without).status_code == 403
    assert lab.call(method, path, body, key=lab.key(f"{BARE}2", scope)).status_code not in (401, 403)


def test_a_key_gives_no_right_that_it_has_not_and_no_word_that_is_none(lab: Any) -> None:
    maker = lab.key(BARE, "api_keys.create", "mail.send")
    for wanted in ("stats.read", "everything"):
        answer = lab.call("POST", "api_keys", {"name": "x", "scopes": [wanted]}, key=maker)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "scopes")
    assert lab.call("POST", "api_keys", {"name": "x", "scopes": ["mail.send"]}, key=maker).status_code == 201


def test_a_key_is_renamed_by_patch_scoped_by_put_and_useless_once_deleted(lab: Any) -> None:
    made = lab.call("POST", "api_keys", {"name": "one", "scopes": ["mail.send"]}).json()
    path = f"api_keys/{made['api_key_id']}"
    assert lab.call("PATCH", path, {"name": "two"}).json() == {"api_key_id": made["api_key_id"], "name": "two"}
    assert lab.call("PUT", path, {"name": "two", "scopes": ["stats.read"]}).json()["scopes"] == ["stats.read"]
    assert lab.call("GET", path).json()["result"][0]["scopes"] == ["stats.read"]
    assert "scopes" not in lab.call("GET", "api_keys").json()["result"][0]
    assert lab.call("DELETE", path).status_code == 204
    assert lab.call("GET", path).status_code == 404
    assert lab.call("GET", "scopes", key=made["api_key"]).status_code == 401


def test_only_the_account_s_own_key_speaks_for_a_subuser_of_it(lab: Any) -> None:
    lab.subuser("news")
    lab.link("url1")
    assert lab.call("GET", "whitelabel/links", user="news").json() == []
    made = lab.call("POST", "whitelabel/links", {"domain": "example.net", "subdomain": "url2"}, user="news").json()
    assert (made["username"], made["user_id"]) == ("news", 7654321)
    assert made["dns"]["owner_cname"]["host"] == "7654321.example.net"
    assert lab.call("GET", "whitelabel/links", user="nobody").status_code == 403
    own = lab.key(BARE, *scopes.LEAST_SCOPES, user="news")
    assert [one["id"] for one in lab.call("GET", "whitelabel/links", key=own).json()] == [made["id"]]
    assert lab.call("GET", "whitelabel/links", key=own, user="news").status_code == 403
    assert lab.call("GET", "subusers", key=own).status_code == 403


def test_subusers_are_listed_with_paging_and_made_with_a_password(lab: Any) -> None:
    for name in ("a", "b", "c"):
        lab.subuser(name)
    assert [one["username"] for one in lab.call("GET", "subusers", limit="2", offset="1").json()] == ["b", "c"]
    assert [one["username"] for one in lab.call("GET", "subusers", username="b").json()] == ["b"]
    bad = {"username": "d", "email": "d@example.net", "password": "short", "ips": []}
    assert lab.call("POST", "subusers", bad).json()["errors"][0]["field"] == "password"
    assert lab.call("POST", "subusers", {**bad, "username": "a", "password": "long-enough-1"}).status_code == 400
    assert lab.call("DELETE", "subusers/b").status_code == 204
    assert lab.call("DELETE", "subusers/b").status_code == 404


def test_webhooks_have_ids_and_a_call_without_one_means_the_oldest(lab: Any) -> None:
    root = "user/webhooks/event/settings"
    assert lab.call("GET", root).status_code == 404
    first = lab.call("POST", root, {"url": "https://one.example/", "click": True}).json()
    second = lab.call("POST", root, {"url": "https://two.example/", "friendly_name": "two"}).json()
    assert (first["click"], first["open"], second["enabled"]) == (True, False, True)
    assert lab.call("GET", root).json()["id"] == first["id"]
    assert lab.call("PATCH", root, {"open": True}).json()["id"] == first["id"]
    assert lab.call("PATCH", f"{root}/{second['id']}", {"open": True}).json()["click"] is False
    assert [one["id"] for one in lab.call("GET", f"{root}/all").json()["webhooks"]] == [first["id"], second["id"]]
    assert lab.call("POST", root, {"url": "ftp://x"}).json()["errors"][0]["field"] == "url"
    assert lab.call("DELETE", f"{root}/{first['id']}").status_code == 204
    assert lab.call("GET", f"{root}/{first['id']}").status_code == 404
    assert lab.call("GET", root).json()["id"] == second["id"]
    hidden = lab.call("PATCH", root, {"oauth_client_id": "id", "oauth_client_secret": "never-shown"})
    assert "never-shown" not in hidden.text


def test_a_signature_has_a_public_key_that_stays_until_it_is_switched_off(lab: Any) -> None:
    root = "user/webhooks/event/settings"
    made = lab.call("POST", root, {"url": "https://one.example/"}).json()
    assert lab.call("GET", f"{root}/signed/{made['id']}").json() == {"id": made["id"], "public_key": ""}
    on = lab.call("PATCH", f"{root}/signed/{made['id']}", {"enabled": True}).json()
    assert len(on["public_key"]) == 124
    assert lab.call("PATCH", f"{root}/signed", {"enabled": True}).json() == on
    assert lab.call("GET", f"{root}/{made['id']}").json()["public_key"] == on["public_key"]
    lab.call("PATCH", f"{root}/signed/{made['id']}", {"enabled": False})
    assert lab.call("PATCH", f"{root}/signed/{made['id']}", {"enabled": True}).json() != on


def test_click_tracking_belongs_to_each_user(lab: Any) -> None:
    lab.subuser("news")
    changed = lab.call("PATCH", "tracking_settings/click", {"enabled": False}, user="news").json()
    assert changed == {"enabled": False, "enable_text": False}
    assert lab.call("GET", "tracking_settings/click").json() == {"enabled": True, "enable_text": False}


def test_a_domain_has_the_records_of_its_kind_of_security(lab: Any) -> None:
    root = "whitelabel/domains"
    made = lab.call("POST", root, {"domain": "example.net", "subdomain": "em1"}).json()
    assert {name: (one["host"], one["data"]) for name, one in made["dns"].items()} == {
        "mail_cname": ("em1.example.net", "u1234567.wl.sendgrid.net"),
        "dkim1": ("s1._domainkey.example.net", "s1.domainkey.u1234567.wl.sendgrid.net"),
        "dkim2": ("s2._domainkey.example.net", "s2.domainkey.u1234567.wl.sendgrid.net"),
    }
    by_hand = {"domain": "example.net", "subdomain": "em2", "automatic_security": False, "custom_dkim_selector": "abc"}
    manual = lab.call("POST", root, by_hand).json()["dns"]
    assert {one["type"] for one in manual.values()} == {"mx", "txt"}
    assert manual["dkim"]["host"] == "abc._domainkey.example.net"
    assert lab.call("POST", root, {**by_hand, "custom_dkim_selector": "abcd"}).status_code == 400
    lab.publish(*((one["host"], "CNAME", f"{one['data']}.") for one in made["dns"].values()))
    validated = lab.call("POST", f"{root}/{made['id']}/validate").json()
    assert (validated["valid"], set(validated["validation_results"])) == (True, set(made["dns"]))
    assert lab.call("POST", f"{root}/{made['id']}/ips", {"ip": "192.0.2.1"}).json()["ips"] == ["192.0.2.1"]
    assert lab.call("DELETE", f"{root}/{made['id']}/ips/192.0.2.1").json()["ips"] == []
    lab.subuser("news")
    assert lab.call("POST", f"{root}/{made['id']}/subuser", {"username": "news"}).status_code == 201
    assert lab.call("GET", f"{root}/subuser", username="news").json()["id"] == made["id"]
    assert lab.call("PATCH", f"{root}/{made['id']}", {"default": True}).json()["default"] is True
    assert lab.call("DELETE", f"{root}/{made['id']}").status_code == 204


def test_every_answer_counts_and_what_is_too_much_is_a_429_with_the_moment_in_epoch_seconds(lab: Any) -> None:
    lab.store.put("rate-limit", "sendgrid", {"requests": 2, "per_seconds": 3600})
    seen = [lab.call("GET", "scopes") for _ in range(3)]
    assert [one.status_code for one in seen] == [200, 200, 429]
    assert [one.headers["X-RateLimit-Remaining"] for one in seen] == ["1", "0", "0"]
    assert seen[2].json() == {"errors": [{"field": None, "message": "too many requests"}]}
    reset = int(seen[2].headers["X-RateLimit-Reset"])
    assert 0 < reset - time.time() <= 3602
    assert lab.call("GET", "scopes", key=lab.key(BARE)).status_code == 200, "each caller has a period of his own"


def test_a_body_that_is_no_object_is_refused_and_what_nobody_serves_is_missing(lab: Any) -> None:
    assert lab.call("POST", "whitelabel/links", ["a"]).status_code == 400
    assert lab.call("GET", "marketing/lists").status_code == 404
    assert service("senders/sendgrid").facts.api is not None


def test_the_plug_in_s_readme_asks_for_the_scopes_that_the_lab_s_key_has_and_no_more() -> None:
    text = (registry.sender("sendgrid").folder / "README.md").read_text("utf-8")
    table = text[text.index("## Least scopes") : text.index("## Limits")]
    said = re.findall(r"`([a-z_]*(?:\.[a-z_]+)+)`", table)
    whole, last = set(), ""
    for one in said:
        last = one.rpartition(".")[0] if not one.startswith(".") else last
        whole.add(f"{last}{one}" if one.startswith(".") else one)
    assert whole == set(scopes.LEAST_SCOPES) - set(scopes.SENDING)
