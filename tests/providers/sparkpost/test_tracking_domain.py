"""Tracking domains and sending domains as the engine makes, reads, changes and deletes them."""

from __future__ import annotations

import time
from typing import Any

import pytest
from linkproof_lab.senders.sparkpost.links import DOMAIN_KIND

from tests.lab.providers.harness import Plugin, RefusedError
from tests.lab.sparkpost.running import HOST, SparkPostLab

DOMAIN, SENDING = "sparkpost:index:TrackingDomain", "sparkpost:index:SendingDomainTracking"
INPUTS: dict[str, Any] = {"domain": HOST, "secure": False, "verified": True}


def published(lab: SparkPostLab) -> None:
    lab.publish((HOST, "CNAME", "spgo.io."))


def test_it_is_made_verified_and_made_the_default_in_one_create(lab: SparkPostLab, plugin: Plugin) -> None:
    published(lab)
    made = plugin.resource(DOMAIN).create({**INPUTS, "default": True, "subaccount": "215"})
    assert (made.id, made.outputs["isVerified"], made.outputs["isDefault"]) == (f"215/{HOST}", True, True)
    held = lab.held(user="215")
    assert (held["default"], held["status"]["verified"], held["subaccount_id"]) == (True, True, 215)
    assert made.changed({**INPUTS, "default": True, "subaccount": "215"}) == (set(), set())
    made.delete()
    assert lab.call("GET", f"tracking-domains/{HOST}", user="215").status_code == 404
    made.delete()


def test_a_host_that_is_one_already_is_refused_with_the_line_that_imports_it(lab: SparkPostLab, plugin: Plugin) -> None:
    lab.call("POST", "tracking-domains", {"domain": HOST})
    with pytest.raises(RefusedError, match=f"exists already, as {HOST}") as refused:
        plugin.resource(DOMAIN).create(INPUTS)
    assert f"pulumi import {DOMAIN} {HOST} {HOST}" in str(refused.value)


def test_another_subaccounts_host_is_said_in_plain_words(lab: SparkPostLab, plugin: Plugin) -> None:
    lab.call("POST", "tracking-domains", {"domain": HOST}, user="7")
    with pytest.raises(RefusedError, match=r"HTTP 409, resource conflict, .*\(1602\)") as refused:
        plugin.resource(DOMAIN).create(INPUTS)
    assert "an account has the host already, or one of its subaccounts" in str(refused.value)


def test_one_that_cannot_be_verified_in_time_is_kept_and_said(lab: SparkPostLab, plugin: Plugin) -> None:
    with pytest.raises(RefusedError, match="its CNAME is invalid") as refused:
        plugin.resource(DOMAIN).create(INPUTS, timeout=1)
    failed = refused.value.init_failed
    assert failed is not None
    assert failed.id == HOST
    assert lab.held()["status"]["verified"] is False


def test_a_lost_answer_to_the_create_is_looked_after_and_nothing_is_made_twice(
    lab: SparkPostLab, plugin: Plugin
) -> None:
    published(lab)
    lab.fault("lost", method="POST", path="/api/v1/tracking-domains", status=500, times=1, done=True)
    assert plugin.resource(DOMAIN).create(INPUTS).id == HOST
    assert len(lab.asked("POST", "/tracking-domains")) == 1


def test_a_refusal_for_the_rate_limit_is_waited_out(lab: SparkPostLab, plugin: Plugin) -> None:
    published(lab)
    lab.fault("limit", method="POST", path="*/verify", status=429, times=1)
    assert plugin.resource(DOMAIN).create(INPUTS).outputs["isVerified"] is True
    assert [status for _, _, status in lab.asked("POST", "/verify")] == [429, 200]


def test_what_changed_at_sparkpost_is_seen_and_mended(lab: SparkPostLab, plugin: Plugin) -> None:
    published(lab)
    made = plugin.resource(DOMAIN).create(INPUTS)
    lab.call("PUT", f"tracking-domains/{HOST}", {"secure": True})
    lab.store.put(DOMAIN_KIND, HOST, {**(lab.store.get(DOMAIN_KIND, HOST) or {}), "verified": False})
    read = made.refresh()
    assert read is not None
    inputs, outputs = read
    assert (inputs["secure"], inputs["verified"], outputs["isVerified"]) == (True, False, False)
    made.inputs, made.outputs = inputs, outputs
    assert made.changed(INPUTS) == ({"secure", "verified"}, set())
    lab.call("PUT", f"tracking-domains/{HOST}", {"secure": False})
    made.update(INPUTS)
    held = lab.held()
    assert (held["secure"], held["status"]["verified"]) == (False, True)


def test_https_that_sparkpost_cannot_reach_is_taken_back(lab: SparkPostLab, plugin: Plugin) -> None:
    published(lab)
    made = plugin.resource(DOMAIN).create(INPUTS)
    lab.fault("unreached", method="POST", path="*/verify", status=403)
    with pytest.raises(RefusedError, match="403"):
        made.update({**INPUTS, "secure": True})
    assert lab.held()["secure"] is False, "links are written as before"


def test_what_is_taken_at_creation_alone_is_refused_in_a_preview(lab: SparkPostLab, plugin: Plugin) -> None:
    published(lab)
    made = plugin.resource(DOMAIN).create(INPUTS)
    with pytest.raises(AssertionError, match="cannot be changed from nothing to 215"):
        made.check({**INPUTS, "subaccount": "215"})
    assert "subaccount" in plugin.resource(DOMAIN).failures({**INPUTS, "subaccount": "news"})


def test_a_default_that_is_not_verified_is_refused_in_sparkposts_words(lab: SparkPostLab, plugin: Plugin) -> None:
    with pytest.raises(RefusedError, match="unverified") as refused:
        plugin.resource(DOMAIN).create({"domain": HOST, "default": True})
    assert "makes the default only of one that is verified" in str(refused.value)
    assert refused.value.init_failed is not None


def test_an_import_reads_all_that_a_program_can_say(lab: SparkPostLab, plugin: Plugin) -> None:
    published(lab)
    plugin.resource(DOMAIN).create({**INPUTS, "subaccount": "215"})
    found = plugin.resource(DOMAIN).imported(f"215/{HOST}")
    assert found is not None
    assert (found[0], found[1]["domain"], found[1]["subaccount"], found[1]["verified"]) == (f"215/{HOST}", HOST, "215", True)  # fmt: skip
    assert plugin.resource(DOMAIN).imported(HOST) is None


OWN: dict[str, Any] = {**INPUTS, "managedCertificate": True, "expectedTarget": "v2.spgo.io"}


def at_own_edge(lab: SparkPostLab) -> None:
    lab.publish((HOST, "CNAME", "v2.spgo.io."))


def certificate_calls(lab: SparkPostLab) -> list[str]:
    return [path.rpartition("/")[2] for _, path, _ in lab.asked("POST") if "/certificate/" in path]


def test_a_certificate_is_asked_for_once_and_no_https_written_before_it_is_there(
    lab: SparkPostLab, plugin: Plugin
) -> None:
    at_own_edge(lab)
    lab.publish(("example.net", "CAA", '0 issue "amazon.com"'))
    made = plugin.resource(DOMAIN).create(OWN)
    assert (made.outputs["tlsStatus"], lab.held()["secure"]) == ("pending", False), "the create does not wait for it"
    assert certificate_calls(lab) == ["check", "enable"]
    with pytest.raises(RefusedError, match="yet: its status is pending") as refused:
        made.update({**OWN, "secure": True}, timeout=1)
    assert "CAA allows letsencrypt.org" in str(refused.value)
    assert lab.held()["secure"] is False, "links are written as before"
    assert certificate_calls(lab) == ["check", "enable"]


def test_no_certificate_is_asked_for_before_every_server_leads_the_host_there(
    lab: SparkPostLab, plugin: Plugin
) -> None:
    published(lab)
    with pytest.raises(RefusedError, match=r"so no certificate was asked for: .*gives spgo\.io") as refused:
        plugin.resource(DOMAIN).create(OWN, timeout=1)
    assert refused.value.init_failed is not None
    assert certificate_calls(lab) == []


LOST = (
    ("unavailable", "acme:rejected_identifier", "let an edge of your own terminate HTTPS"),
    ("failed", "acme:dns", "as a plain CNAME"),
    ("failed", "acme:unauthorized", "request to http://click.example.net did not arrive"),
    ("failed", "acme:temporary", "run the same command again in some minutes"),
    ("failed", "service:internal", "SparkPost itself failed"),
    ("failed", "", "as a plain CNAME"),
    ("expired", "", "its renewal failed"),
)


def test_a_certificate_that_is_lost_is_seen_and_asked_for_again_and_each_failure_has_its_advice(
    lab: SparkPostLab, plugin: Plugin
) -> None:
    at_own_edge(lab)
    made = plugin.resource(DOMAIN).create(OWN)
    until = time.monotonic() + 60
    while lab.held()["status"]["tls_status"] != "valid":
        assert time.monotonic() < until
    lab.fault("deaf", method="POST", path="*/certificate/*", status=200, done=False)
    for status, code, advice in LOST:
        lost = {"tls_status": status, "error_code": code}
        lab.store.put(DOMAIN_KIND, HOST, {**(lab.store.get(DOMAIN_KIND, HOST) or {}), **lost})
        read = made.refresh()
        assert read is not None
        assert (read[0]["managedCertificate"], read[1]["tlsStatus"]) == (False, status)
        made.inputs, made.outputs = read
        assert made.changed(OWN) == ({"managedCertificate"}, set())
        with pytest.raises(RefusedError, match=f"certificate for {HOST}: {status}") as refused:
            made.update(OWN)
        assert advice in str(refused.value)
    lab.end_fault("deaf")
    assert made.update(OWN)["tlsStatus"] in ("pending", "valid")


def test_a_lost_answer_to_the_enabling_is_looked_after(lab: SparkPostLab, plugin: Plugin) -> None:
    at_own_edge(lab)
    lab.fault("lost", method="POST", path="*/certificate/enable", status=500, times=1, done=True)
    assert plugin.resource(DOMAIN).create(OWN).id == HOST
    assert certificate_calls(lab) == ["check", "enable"]


def test_what_cannot_be_asked_for_is_refused_in_a_preview(plugin: Plugin) -> None:
    failures = plugin.resource(DOMAIN).failures
    assert "managedCertificate" in failures({**INPUTS, "managedCertificate": False})
    assert "expectedTarget" in failures({**INPUTS, "managedCertificate": True})


def test_a_sending_domain_writes_with_it_until_somebody_decides_otherwise(lab: SparkPostLab, plugin: Plugin) -> None:
    published(lab)
    plugin.resource(DOMAIN).create(INPUTS)
    wanted = {"domain": "example.net", "trackingDomain": HOST}
    with pytest.raises(RefusedError, match=r"no sending domain example\.net"):
        plugin.resource(SENDING).create(wanted)
    lab.call("POST", "sending-domains", {"domain": "example.net"})
    made = plugin.resource(SENDING).create(wanted)

    def tracking() -> Any:
        return lab.call("GET", "sending-domains/example.net").json()["results"].get("tracking_domain")

    assert (made.id, tracking()) == ("example.net", HOST)
    lab.call("PUT", "sending-domains/example.net", {"tracking_domain": ""})
    assert made.refresh() is None
    made.delete()
    lab.call("POST", "tracking-domains", {"domain": "c2.example.net"})
    lab.call("PUT", "sending-domains/example.net", {"tracking_domain": "c2.example.net"})
    made.delete()
    assert tracking() == "c2.example.net", "another one's choice stays"
    with pytest.raises(RefusedError, match=r"has tracking domain c2\.example\.net, which would be taken from it"):
        plugin.resource(SENDING).create(wanted)
