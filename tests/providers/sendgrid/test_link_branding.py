"""Branded links: looked for before they are made, read as they are, changed in what the API can change, deleted last."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.lab.providers.harness import RefusedError
from tests.lab.sendgrid.running import FAULT
from tests.providers.sendgrid.conftest import cancelled_when

TOKEN = "sendgrid:index:LinkBranding"
HOST, OWNER = "url1.example.net", "1234567.example.net"
INPUTS = {"domain": "example.net", "subdomain": "url1", "propagationSeconds": 0}


def make(plugin: Any, **more: Any) -> Any:
    return plugin.resource(TOKEN, HOST).create({**INPUTS, **more})


def test_its_records_are_outputs_by_role(lab: Any, plugin: Any) -> None:
    made = make(plugin)
    assert made.outputs["records"] == {
        "click": {"name": HOST, "type": "CNAME", "value": "sendgrid.net"},
        "owner": {"name": OWNER, "type": "CNAME", "value": "sendgrid.net"},
    }
    assert (made.outputs["ownerHost"], made.outputs["clickTarget"], made.outputs["isValid"]) == (
        OWNER,
        "sendgrid.net",
        False,
    )
    four = plugin.resource(TOKEN, "two").create({**INPUTS, "subdomain": "url2", "autoSsl": True}).outputs["records"]
    assert set(four) == {"click", "owner", "acmeChallenge", "customHostname"}
    assert (four["customHostname"]["type"], four["click"]["value"]) == ("TXT", "click.sendgrid.net")


def test_a_link_that_has_no_auto_ssl_or_has_it_undeclared_is_told_apart_by_its_records(lab: Any, plugin: Any) -> None:
    made = plugin.resource(TOKEN, HOST).create({**INPUTS, "autoSsl": True})
    dns = {"domain_cname": {"valid": False, "type": "cname", "host": HOST, "data": "click.sendgrid.net"}}
    lab.fault("without", method="GET", path="/v3/whitelabel/links/*", set={"dns": dns})
    with pytest.raises(RefusedError, match="SendGrid has no Auto SSL for this link"):
        made.update({**INPUTS, "autoSsl": True, "propagationSeconds": 1})
    lab.end_fault("without")
    link = lab.link("url2", auto_ssl=True)
    found = plugin.resource(TOKEN, "two").imported(str(link["id"]))
    assert found is not None
    assert found[1]["autoSsl"] is True, "an import knows it"


def test_a_preview_makes_nothing_and_does_not_know_the_owner_host(lab: Any, plugin: Any) -> None:
    outputs = plugin.resource(TOKEN, HOST).preview(INPUTS)
    assert str(outputs["ownerHost"]) == "<unknown>"
    assert lab.asked("POST") == []


def test_roles_do_not_depend_on_the_place_in_the_answer(lab: Any, plugin: Any) -> None:
    made = make(plugin)
    swapped = {
        "owner_cname": {"valid": False, "type": "cname", "host": HOST, "data": "sendgrid.net"},
        "domain_cname": {"valid": False, "type": "cname", "host": OWNER, "data": "sendgrid.net"},
    }
    lab.fault("swap", method="GET", path="/v3/whitelabel/links/*", set={"dns": swapped})
    found = made.refresh()
    assert found is not None
    assert found[1]["ownerHost"] == OWNER


def test_a_host_that_has_a_brand_is_refused_with_the_line_that_imports_it(lab: Any, plugin: Any) -> None:
    link = lab.link("url1")
    with pytest.raises(RefusedError, match=f"pulumi import {TOKEN} {HOST} {link['id']}") as refused:
        make(plugin)
    assert refused.value.init_failed is None
    assert lab.asked("POST", "links") == [("POST", "/v3/whitelabel/links", 201)], "the person's own"
    id_, inputs, outputs = plugin.resource(TOKEN, HOST).imported(str(link["id"]))
    assert id_ == str(link["id"])
    assert inputs == {"domain": "example.net", "subdomain": "url1", "default": True}
    assert outputs["ownerHost"] == OWNER


def test_one_link_among_many_is_found(lab: Any, plugin: Any) -> None:
    for number in range(2, 205):
        lab.link(f"url{number}")
    lab.link("url1")
    with pytest.raises(RefusedError, match="exists already"):
        make(plugin)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"domain": "example.org"}, "domain"),
        ({"subdomain": "url2"}, "subdomain"),
        ({"region": "eu"}, "region"),
        ({"autoSsl": True}, "autoSsl"),
        ({"subuser": "news"}, "subuser"),
    ],
)
def test_what_the_api_cannot_change_is_refused_with_the_reason_in_a_preview_already(
    lab: Any, plugin: Any, change: dict[str, Any], name: str
) -> None:
    made = make(plugin)
    with pytest.raises(AssertionError, match=f"{name}: cannot be changed from .*the API can change `default`"):
        made.check({**INPUTS, **change})
    made.check({**INPUTS, "region": "us", "autoSsl": False})


def test_undocumented_auto_ssl_is_refused(lab: Any, plugin: Any) -> None:
    found = plugin.resource(TOKEN, HOST).failures({**INPUTS, "autoSsl": True, "region": "eu"})
    assert "US region alone" in found["autoSsl"]
    assert "subuser" in plugin.resource(TOKEN, HOST).failures({**INPUTS, "autoSsl": True, "subuser": "x"})["autoSsl"]


def test_the_default_is_changed_in_place_and_read_back(lab: Any, plugin: Any) -> None:
    lab.link("url2")
    made = make(plugin, default=False)
    assert made.changed({**INPUTS, "default": True}) == ({"default"}, set())
    made.update({**INPUTS, "default": True})
    assert lab.call("GET", f"whitelabel/links/{made.id}").json()["default"] is True
    lab.call("PATCH", f"whitelabel/links/{made.id}", {"default": False})
    inputs, _ = made.refresh()
    assert inputs == {**INPUTS, "default": False}


def test_what_was_not_declared_is_no_difference(lab: Any, plugin: Any) -> None:
    made = make(plugin)
    assert made.refresh() == (INPUTS, made.outputs), "a refresh has nothing to say"
    assert made.changed({**INPUTS, "domain": "Example.NET."}) == (set(), set())


def test_a_link_of_a_subuser_is_made_read_and_deleted_for_it(lab: Any, plugin: Any) -> None:
    lab.subuser("news")
    made = make(plugin, subuser="news")
    assert made.id.startswith("news/")
    assert made.outputs["ownerHost"] == "7654321.example.net"
    assert made.refresh()[0] == {**INPUTS, "subuser": "news"}
    assert plugin.resource(TOKEN, HOST).imported(made.id)[1]["subuser"] == "news"
    made.delete()
    assert lab.call("GET", "whitelabel/links", user="news").json() == []


def test_only_a_404_of_the_api_itself_says_that_it_is_gone(lab: Any, plugin: Any) -> None:
    made = make(plugin)
    for status in (401, 403, 404):
        body = "<html>not here</html>" if status == 404 else None
        lab.fault("read", method="GET", path="/v3/whitelabel/links/*", status=status, body=body)
        with pytest.raises(RefusedError, match=f"HTTP {status}"):
            made.refresh()
    lab.end_fault("read")
    lab.call("DELETE", f"whitelabel/links/{made.id}")
    assert made.refresh() is None


def test_reading_waits_out_a_storm_of_429s_and_faults_of_the_server(lab: Any, plugin: Any) -> None:
    made = make(plugin)
    lab.fault("a", method="GET", path="/v3/whitelabel/links/*", status=503, times=2)
    assert made.refresh() is not None
    lab.store.put("rate-limit", "sendgrid", {"requests": 0, "per_seconds": 1})
    threading.Timer(1.5, lambda: lab.store.put("rate-limit", "sendgrid", {"requests": 100, "per_seconds": 1})).start()
    assert made.refresh() is not None
    assert 429 in [status for _, _, status in lab.asked("GET")]


def test_the_brand_must_be_valid_where_its_phase_needs_it(lab: Any, plugin: Any) -> None:
    with pytest.raises(RefusedError, match="begin with `phase: branded`"):
        make(plugin, valid=True)
    made = make(plugin)
    with pytest.raises(RefusedError, match="is not valid at SendGrid"):
        made.update({**INPUTS, "valid": True})
    link = lab.call("GET", f"whitelabel/links/{made.id}").json()
    lab.publish_link(link)
    lab.call("POST", f"whitelabel/links/{made.id}/validate")
    assert made.update({**INPUTS, "valid": True})["isValid"] is True
    lab.publish((HOST, "CNAME", "d111111abcdef8.cloudfront.net."))
    lab.call("POST", f"whitelabel/links/{made.id}/validate")
    assert made.refresh()[0]["valid"] is False, "somebody has pressed Verify: the next preview says it"
    assert len(lab.asked("POST", "validate")) == 2, "both a person's"


def test_it_is_not_deleted_while_its_click_host_leads_anywhere(lab: Any, plugin: Any) -> None:
    made = make(plugin)
    lab.publish((HOST, "CNAME", "sendgrid.net."))
    with pytest.raises(RefusedError, match=rf"{HOST} at .* leads to the brand"):
        made.delete()
    lab.publish((HOST, "CNAME", "elsewhere.example."))
    with pytest.raises(RefusedError, match=r"leads to elsewhere\.example"):
        made.delete()
    assert lab.asked("DELETE") == []
    lab.publish((HOST, "CNAME", ""))
    made.delete()
    made.delete()
    assert [status for *_, status in lab.asked("DELETE")] == [204]


def test_deleting_waits_out_the_propagation(lab: Any, plugin: Any) -> None:
    made = make(plugin, propagationSeconds=60)
    lab.publish((HOST, "CNAME", "sendgrid.net."))
    threading.Timer(1.0, lambda: lab.publish((HOST, "CNAME", ""))).start()
    made.delete()
    assert [status for *_, status in lab.asked("DELETE")] == [204]


def test_servers_that_do_not_answer_keep_the_brand(lab: Any, plugin: Any) -> None:
    made = make(plugin)
    lab.store.put("dns-fault", "mute", {"zone": "example.net", "mode": "servfail"})
    with pytest.raises(RefusedError, match="the brand is not deleted"):
        made.delete()
    assert lab.asked("DELETE") == []


# after the POST ----------------------------------------------------------------------------------
def test_a_post_whose_answer_is_lost_is_looked_after_and_not_repeated(lab: Any, plugin: Any) -> None:
    lab.fault("lost", method="POST", path="/v3/whitelabel/links", status=502, done=True, times=1)
    made = make(plugin)
    assert made.outputs["ownerHost"] == OWNER
    assert len(lab.asked("POST", "links")) == 1


def test_a_post_that_was_not_carried_out_is_made_again_after_a_look(lab: Any, plugin: Any) -> None:
    lab.fault("not done", method="POST", path="/v3/whitelabel/links", status=500, done=False, times=1)
    make(plugin)
    calls = [(method, status) for method, _, status in lab.asked()]
    assert calls == [("GET", 200), ("POST", 500), ("GET", 200), ("POST", 201)]


def test_a_cancel_while_the_answer_is_awaited_leaves_no_orphan(lab: Any, plugin: Any) -> None:
    lab.fault("slow", method="POST", path="/v3/whitelabel/links", done=True, delay_seconds=2, status=502, times=1)
    with cancelled_when(plugin, lambda: lab.store.get(FAULT, "slow")["times"] == 0):
        made = make(plugin)
    held = lab.call("GET", "whitelabel/links").json()
    assert [str(one["id"]) for one in held] == [made.id], "the engine knows what it has made"


def test_a_cancel_before_the_post_makes_nothing(lab: Any, plugin: Any) -> None:
    lab.fault("busy", method="GET", path="/v3/whitelabel/links", status=503)
    with pytest.raises(RefusedError, match="cancelled"), cancelled_when(plugin, lambda: lab.asked("GET")):
        make(plugin)
    assert lab.asked("POST") == []


@pytest.mark.parametrize("is_cancelled", [True, False])
def test_an_update_of_unknown_result_is_recorded_as_unfinished(lab: Any, plugin: Any, is_cancelled: bool) -> None:
    lab.link("url2")
    made = make(plugin, default=False)
    lab.fault("lost", method="PATCH", path="/v3/whitelabel/links/*", status=500, done=True)
    with (
        pytest.raises(RefusedError) as refused,
        cancelled_when(plugin, lambda: is_cancelled and lab.asked("PATCH")),
    ):
        made.update({**INPUTS, "default": True})
    assert refused.value.init_failed is not None
    assert refused.value.init_failed.id == made.id
    lab.end_fault("lost")
    assert made.refresh()[0]["default"] is True


def test_a_refused_update_is_a_plain_refusal(lab: Any, plugin: Any) -> None:
    lab.link("url2")
    made = make(plugin, default=False)
    lab.fault("no", method="PATCH", path="/v3/whitelabel/links/*", status=403)
    with pytest.raises(RefusedError, match="HTTP 403") as refused:
        made.update({**INPUTS, "default": True})
    assert refused.value.init_failed is None


def test_refusals_name_the_fields_and_never_the_key(lab: Any, plugin: Any) -> None:
    lab.link("url2", region="us")
    lab.fault("echo", method="POST", path="/v3/whitelabel/links", status=400, done=False)
    with pytest.raises(RefusedError, match="HTTP 400") as refused:
        make(plugin)
    assert "SG." not in str(refused.value)
