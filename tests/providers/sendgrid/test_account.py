"""The account's other objects: subusers and their links, keys, webhooks, click tracking, domains; and the provider itself."""

from __future__ import annotations

import time
from typing import Any

import pytest
from linkproof.providers.protocol.values import to_struct
from linkproof_lab.senders.sendgrid.facts import SENDGRID_KEY
from pulumi.runtime.proto import provider_pb2

from tests.lab.providers.harness import Plugin, RefusedError
from tests.providers.sendgrid.conftest import EXECUTABLE, cancelled_when, config

KEY, HOOK = "sendgrid:index:ApiKey", "sendgrid:index:EventWebhook"
SECRET_URL = "https://t.karte.example/hook/planted-secret/sendgrid/event"


def valid_link(lab: Any, subdomain: str = "url1") -> str:
    link = lab.link(subdomain)
    lab.publish_link(link)
    lab.call("POST", f"whitelabel/links/{link['id']}/validate")
    return str(link["id"])


# a link for a subuser -----------------------------------------------------------------------------
def test_a_subuser_gets_a_link_keeps_it_and_is_not_robbed_of_another(lab: Any, plugin: Any) -> None:
    lab.subuser("news")
    first, second = valid_link(lab, "url1"), valid_link(lab, "url2")
    made = plugin.resource("sendgrid:index:LinkSubuser").create({"linkId": first, "username": "news"})
    assert made.id == "news"
    assert made.refresh() == ({"linkId": first, "username": "news"}, {"linkId": first, "username": "news"})
    with pytest.raises(RefusedError, match=f"subuser news has branded link {first}"):
        plugin.resource("sendgrid:index:LinkSubuser").create({"linkId": second, "username": "news"})
    lab.call("POST", f"whitelabel/links/{second}/subuser", {"username": "news"})
    assert made.refresh()[0]["linkId"] == second
    made.update({"linkId": first, "username": "news"})
    assert lab.call("GET", "whitelabel/links/subuser", username="news").json()["id"] == int(first)
    lab.call("DELETE", "whitelabel/links/subuser", username="news")
    assert made.refresh() is None


def test_a_link_that_is_not_valid_is_refused_in_the_vendor_s_words(lab: Any, plugin: Any) -> None:
    lab.subuser("news")
    wanted = {"linkId": str(lab.link("url1")["id"]), "username": "news"}
    with pytest.raises(RefusedError, match="must be validated first"):
        plugin.resource("sendgrid:index:LinkSubuser").create(wanted)


def test_what_somebody_has_assigned_since_is_not_taken_away(lab: Any, plugin: Any) -> None:
    lab.subuser("news")
    first, second = valid_link(lab, "url1"), valid_link(lab, "url2")
    made = plugin.resource("sendgrid:index:LinkSubuser").create({"linkId": first, "username": "news"})
    lab.call("POST", f"whitelabel/links/{second}/subuser", {"username": "news"})
    made.delete()
    assert lab.call("GET", "whitelabel/links/subuser", username="news").json()["id"] == int(second)


# keys ---------------------------------------------------------------------------------------------
def test_a_key_s_rotation_replaces_it_and_its_scopes_change_in_place(lab: Any, plugin: Any) -> None:
    inputs = {"name": "sending", "scopes": ["mail.send"], "rotation": "1"}
    made = plugin.resource(KEY).create(inputs)
    assert lab.call("GET", "scopes", key=made.outputs["apiKey"]).json() == {"scopes": ["mail.send"]}
    assert made.changed({**inputs, "rotation": "2"}) == ({"rotation"}, {"rotation"})
    assert made.changed({**inputs, "scopes": ["stats.read", "mail.send"]}) == ({"scopes"}, set())
    before = made.outputs["apiKey"]
    made.update({**inputs, "scopes": ["stats.read", "mail.send"]})
    assert made.outputs["apiKey"] == before
    assert set(lab.call("GET", "scopes", key=before).json()["scopes"]) == {"mail.send", "stats.read"}
    inputs_read, outputs = made.refresh()
    assert outputs == made.outputs
    assert (inputs_read["rotation"], outputs["apiKey"]) == ("1", before), "nothing reads a key back"
    lab.call("PUT", f"api_keys/{made.id}", {"name": "sending", "scopes": ["mail.send"]})
    assert made.refresh()[0]["scopes"] == ["mail.send"]
    made.delete()
    assert lab.call("GET", "scopes", key=before).status_code == 401
    assert made.refresh() is None


def test_a_key_whose_text_was_lost_is_removed_before_another_is_made(lab: Any, plugin: Any) -> None:
    lab.call("POST", "api_keys", {"name": "sending", "scopes": ["mail.send"]})
    lab.fault("lost", method="POST", path="/v3/api_keys", status=502, done=True, times=1)
    made = plugin.resource(KEY).create({"name": "sending", "scopes": ["mail.send"]})
    ids = [one["api_key_id"] for one in lab.call("GET", "api_keys").json()["result"]]
    assert len(ids) == 2, "a person's of the same name, and ours"
    assert made.id in ids


def test_scopes_that_the_account_s_key_lacks_are_refused_by_field(lab: Any, plugin: Any) -> None:
    with pytest.raises(RefusedError, match="scopes: invalid scopes: everything"):
        plugin.resource(KEY).create({"name": "x", "scopes": ["everything"]})


# webhooks -----------------------------------------------------------------------------------------
def test_a_webhook_posts_all_events_signed_unless_it_is_told_otherwise(lab: Any, plugin: Any) -> None:
    made = plugin.resource(HOOK).create({"url": "https://hook.example/"})
    held = lab.call("GET", f"user/webhooks/event/settings/{made.id}").json()
    events = {name for name, value in held.items() if value is True} - {"enabled"}
    assert len(events) == 11
    assert made.outputs["publicKey"] == held["public_key"]
    assert made.refresh() == ({"url": "https://hook.example/"}, made.outputs)
    made.update({"url": "https://hook.example/", "events": ["click"], "signed": False})
    assert made.outputs["publicKey"] == ""
    lab.call("PATCH", f"user/webhooks/event/settings/{made.id}", {"click": False})
    assert made.refresh()[0]["events"] == ["none"]
    lab.call("DELETE", f"user/webhooks/event/settings/{made.id}")
    assert made.refresh() is None


def test_every_call_says_which_webhook_it_means(lab: Any, plugin: Any) -> None:
    lab.call("POST", "user/webhooks/event/settings", {"url": "https://oldest.example/"})
    oldest = lab.call("GET", "user/webhooks/event/settings").json()
    made = plugin.resource(HOOK).create({"url": "https://hook.example/"})
    made.update({"url": "https://hook.example/", "events": ["open"]})
    made.delete()
    assert lab.call("GET", "user/webhooks/event/settings").json() == oldest


def test_the_same_url_twice_is_refused_with_the_line_that_imports_and_without_the_url(lab: Any, plugin: Any) -> None:
    held = lab.call("POST", "user/webhooks/event/settings", {"url": SECRET_URL}).json()
    with pytest.raises(RefusedError, match=f"pulumi import {HOOK} NAME {held['id']}") as refused:
        plugin.resource(HOOK).create({"url": SECRET_URL})
    assert "planted-secret" not in str(refused.value)


def test_a_signature_that_fails_after_the_post_keeps_the_webhook(lab: Any, plugin: Any) -> None:
    lab.fault("no", method="PATCH", path="*/signed/*", status=403)
    with pytest.raises(RefusedError, match="it was made") as refused:
        plugin.resource(HOOK).create({"url": SECRET_URL})
    (held,) = lab.call("GET", "user/webhooks/event/settings/all").json()["webhooks"]
    assert refused.value.init_failed is not None
    assert refused.value.init_failed.id == held["id"]
    assert "planted-secret" not in str(refused.value)


def test_a_cancel_after_the_post_keeps_the_webhook(lab: Any, plugin: Any) -> None:
    lab.fault("busy", method="PATCH", path="*/signed/*", status=503)
    with (
        pytest.raises(RefusedError, match="cancelled") as refused,
        cancelled_when(plugin, lambda: lab.asked("PATCH")),
    ):
        plugin.resource(HOOK).create({"url": "https://hook.example/"})
    (held,) = lab.call("GET", "user/webhooks/event/settings/all").json()["webhooks"]
    assert refused.value.init_failed is not None
    assert refused.value.init_failed.id == held["id"]


def test_a_webhook_without_events_is_refused(lab: Any, plugin: Any) -> None:
    assert "at least one" in plugin.resource(HOOK).failures({"url": "https://x.example/", "events": []})["events"]
    assert (
        "must be one of"
        in plugin.resource(HOOK).failures({"url": "https://x.example/", "events": ["nope"]})["events[0]"]
    )


# the rest -----------------------------------------------------------------------------------------
def test_click_tracking_is_set_read_and_left_as_it_is(lab: Any, plugin: Any) -> None:
    lab.subuser("news")
    made = plugin.resource("sendgrid:index:ClickTracking").create(
        {"enabled": True, "enableText": True, "subuser": "news"}
    )
    assert lab.call("GET", "tracking_settings/click", user="news").json() == {"enabled": True, "enable_text": True}
    assert made.refresh()[1] == made.outputs
    lab.call("PATCH", "tracking_settings/click", {"enabled": False}, user="news")
    assert made.refresh()[0]["enabled"] is False
    made.delete()
    assert lab.call("GET", "tracking_settings/click", user="news").json()["enable_text"] is True


def test_a_domain_s_records_are_outputs_and_its_addresses_change_in_place(lab: Any, plugin: Any) -> None:
    inputs = {"domain": "example.net", "subdomain": "em1", "ips": ["192.0.2.1"]}
    made = plugin.resource("sendgrid:index:DomainAuthentication").create(inputs)
    assert made.outputs["records"]["mail_cname"]["name"] == "em1.example.net"
    assert set(made.outputs["records"]) == {"mail_cname", "dkim1", "dkim2"}
    assert made.refresh() == (inputs, made.outputs)
    made.update({**inputs, "ips": ["192.0.2.2"], "customSpf": True})
    held = lab.call("GET", f"whitelabel/domains/{made.id}").json()
    assert (held["ips"], held["custom_spf"]) == (["192.0.2.2"], True)
    with pytest.raises(AssertionError, match="automaticSecurity: cannot be changed"):
        made.check({**inputs, "automaticSecurity": False})
    with pytest.raises(RefusedError, match="exists already"):
        plugin.resource("sendgrid:index:DomainAuthentication").create(inputs)
    manual = plugin.resource("sendgrid:index:DomainAuthentication").create(
        {"domain": "example.net", "subdomain": "em2", "automaticSecurity": False, "customDkimSelector": "abc"}
    )
    assert {one["type"] for one in manual.outputs["records"].values()} == {"MX", "TXT"}
    made.delete()
    assert made.refresh() is None


def test_a_domain_without_a_subdomain_gets_one_and_a_lost_answer_is_looked_after(lab: Any, plugin: Any) -> None:
    lab.fault("lost", method="POST", path="/v3/whitelabel/domains", status=500, done=True, times=1)
    made = plugin.resource("sendgrid:index:DomainAuthentication").create({"domain": "example.net"})
    assert len(lab.call("GET", "whitelabel/domains").json()) == 1
    assert made.refresh()[0] == {"domain": "example.net"}


def test_a_subuser_is_made_looked_up_and_its_password_never_shown(lab: Any, plugin: Any) -> None:
    inputs = {"username": "news", "email": "news@example.net", "password": "planted-pass-1"}
    made = plugin.resource("sendgrid:index:Subuser").create(inputs)
    assert made.outputs["userId"] == "7654321"
    assert made.refresh() == (inputs, made.outputs)
    request = provider_pb2.InvokeRequest(tok="sendgrid:index:getSubuser", args=to_struct({"username": "news"}))
    found = getattr(plugin.call("Invoke", request), "return")
    assert found.fields["userId"].string_value == "7654321"
    with pytest.raises(RefusedError, match="subuser news exists already"):
        plugin.resource("sendgrid:index:Subuser").create(inputs)
    with pytest.raises(RefusedError, match="password") as refused:
        plugin.resource("sendgrid:index:Subuser").create({**inputs, "username": "b", "password": "plantedpw"})
    assert "plantedpw" not in str(refused.value)
    made.update({**inputs, "disabled": True})
    assert lab.call("GET", "subusers", username="news").json()[0]["disabled"] is True
    made.delete()
    assert made.refresh() is None


def test_a_subuser_s_addresses_change_in_place_and_its_region_is_read(lab: Any, plugin: Any) -> None:
    inputs = {"username": "news", "email": "news@example.net", "password": "planted-pass-1", "region": "eu"}
    made = plugin.resource("sendgrid:index:Subuser").create({**inputs, "ips": ["192.0.2.7"]})
    made.update({**inputs, "ips": ["192.0.2.8", "192.0.2.9"]})
    assert lab.store.get("sendgrid-user", "news")["ips"] == ["192.0.2.8", "192.0.2.9"]
    assert len(lab.asked("PUT", "/ips")) == 1
    made.update({**inputs, "ips": ["192.0.2.9", "192.0.2.8"]})
    assert len(lab.asked("PUT", "/ips")) == 1, "the same addresses"
    found = plugin.resource("sendgrid:index:Subuser").imported("news")
    assert found[1] == {"username": "news", "email": "news@example.net", "region": "eu"}, "no password, no addresses"


def test_a_subuser_without_a_password_is_refused_before_anything_is_made(lab: Any, plugin: Any) -> None:
    inputs = {"username": "news", "email": "news@example.net"}
    with pytest.raises(RefusedError, match="subuser news is to be made, and there is no password for it"):
        plugin.resource("sendgrid:index:Subuser").create(inputs)
    assert lab.asked("POST") == []


def test_a_subuser_of_somebody_else_s_making_is_looked_up_and_left(lab: Any, plugin: Any) -> None:
    kind = "sendgrid:index:ExistingSubuser"
    with pytest.raises(RefusedError, match="this account has no subuser news"):
        plugin.resource(kind).create({"username": "news"})
    lab.subuser("news")
    made = plugin.resource(kind).create({"username": "news"})
    assert (made.id, made.outputs["userId"], made.outputs["email"]) == ("news", "7654321", "a@example.net")
    lab.call("PATCH", "subusers/news", {"disabled": True})
    assert made.refresh()[1]["isDisabled"] is True
    made.delete()
    assert lab.call("GET", "subusers", username="news").json() != []
    lab.call("DELETE", "subusers/news")
    assert made.refresh() is None


def test_what_a_subuser_has_goes_with_it(lab: Any) -> None:
    lab.subuser("news")
    lab.call("POST", "whitelabel/links", {"domain": "example.net", "subdomain": "url1"}, user="news")
    lab.call("POST", "whitelabel/domains", {"domain": "mail.example.net", "subdomain": "em1"}, user="news")
    key = lab.call("POST", "api_keys", {"name": "a", "scopes": ["mail.send"]}, user="news").json()["api_key"]
    lab.call("DELETE", "subusers/news")
    lab.subuser("news")
    for path in ("whitelabel/links", "whitelabel/domains"):
        assert lab.call("GET", path, user="news").json() == []
    assert lab.call("GET", "scopes", key=key).status_code == 401


# the provider -------------------------------------------------------------------------------------
def test_a_changed_key_is_an_update_and_not_a_replacement(plugin: Any) -> None:
    old, new = ({"apiKey": key, "baseUrl": "https://api.sendgrid.com"} for key in ("SG.a", "SG.b"))
    request = provider_pb2.DiffRequest(old_inputs=to_struct(old), news=to_struct(new))
    answer = plugin.call("DiffConfig", request)
    assert (answer.changes, list(answer.diffs), list(answer.replaces)) == (
        provider_pb2.DiffResponse.DIFF_SOME, ["apiKey"], [],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"baseUrl": "http://api.example.com"}, "baseUrl"),
        ({"region": "asia"}, "region"),
        ({"apiKey": "two words"}, "apiKey"),
        ({"rootHints": "/nowhere/root.hints"}, "rootHints"),
    ],
)
def test_a_config_that_cannot_be_right_is_refused(lab: Any, plugin: Any, given: dict[str, str], name: str) -> None:
    answer = plugin.call("CheckConfig", provider_pb2.CheckRequest(news=to_struct(config(lab, **given))))
    assert [failure.property for failure in answer.failures] == [name]


def test_the_environment_s_key_is_taken_where_none_is_given(lab: Any) -> None:
    given = {name: value for name, value in config(lab).items() if name != "apiKey"}
    plugin = Plugin(lab.settings, "sendgrid", given, {"SENDGRID_API_KEY": SENDGRID_KEY}, executable=EXECUTABLE)
    try:
        plugin.resource("sendgrid:index:ClickTracking").create({})
    finally:
        plugin.stop()


def test_a_key_that_is_revoked_is_said_with_its_fix_and_never_shown(lab: Any) -> None:
    plugin = Plugin(lab.settings, "sendgrid", config(lab, apiKey="SG.planted-and-revoked"), executable=EXECUTABLE)
    try:
        with pytest.raises(RefusedError, match="the key is unknown or revoked") as refused:
            plugin.resource("sendgrid:index:ClickTracking").create({})
        assert "planted" not in str(refused.value)
    finally:
        plugin.stop()


def test_an_api_that_cannot_be_reached_is_an_error_and_nothing_is_gone(lab: Any) -> None:
    plugin = Plugin(lab.settings, "sendgrid", config(lab, baseUrl="http://127.0.0.1:1"), executable=EXECUTABLE)
    try:
        begun = time.monotonic()
        with pytest.raises(RefusedError), cancelled_when(plugin, lambda: time.monotonic() > begun + 1):
            plugin.resource("sendgrid:index:LinkBranding").imported("1")
    finally:
        plugin.stop()
