"""What KARTE's plugin needs of the provider: a domain that nobody else has, a subuser's share of it, a hook whose URL no error has."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.lab.providers.harness import RefusedError

DOMAIN, SHARE, HOOK = (f"sendgrid:index:{name}" for name in ("DomainAuthentication", "DomainSubuser", "EventWebhook"))
NEW = {"domain": "mail.example.net", "subdomain": "em1", "unusedElsewhere": True}
KEY = "planted0123456"
URL = f"https://t.karte.example/hook/{KEY}/sendgrid/event"


def valid_domain(lab: Any, subdomain: str = "em1") -> dict[str, Any]:
    made: dict[str, Any] = lab.call(
        "POST", "whitelabel/domains", {"domain": "mail.example.net", "subdomain": subdomain}
    ).json()
    lab.publish_link(made)
    assert lab.call("POST", f"whitelabel/domains/{made['id']}/validate").json()["valid"] is True
    return made


# the domain -----------------------------------------------------------------------------------------
def test_a_domain_that_nobody_has_is_made_and_read_back(lab: Any, plugin: Any) -> None:
    made = plugin.resource(DOMAIN).create(NEW)
    assert made.refresh() == (NEW, made.outputs)


def test_a_domain_that_another_account_sends_from_is_refused_before_anything_is_made(lab: Any, plugin: Any) -> None:
    lab.publish(("s1._domainkey.mail.example.net", "CNAME", "s1.domainkey.u999.wl.sendgrid.net."))
    with pytest.raises(
        RefusedError,
        match=r"another account of SendGrid's sends from mail\.example\.net: s1\._domainkey.* leads to s1\.domainkey\.u999",
    ):
        plugin.resource(DOMAIN).create(NEW)
    assert lab.call("GET", "whitelabel/domains").json() == []
    plugin.resource(DOMAIN).create({**NEW, "unusedElsewhere": False})


def test_the_account_s_own_records_and_those_of_other_senders_are_in_nobody_s_way(lab: Any, plugin: Any) -> None:
    valid_domain(lab, "em7")
    plugin.resource(DOMAIN).create(NEW)
    lab.publish(
        ("s1._domainkey.mail.example.net", "CNAME", "s1.dkim.other-sender.example."),
        ("s2._domainkey.mail.example.net", "CNAME", ""),
    )
    plugin.resource(DOMAIN).create({**NEW, "subdomain": "em2"})


def test_a_zone_that_does_not_answer_is_no_proof(lab: Any, plugin: Any) -> None:
    lab.run(lab.dns.stop())
    try:
        with pytest.raises(RefusedError, match=r"whether another account sends from mail\.example\.net cannot be told"):
            plugin.resource(DOMAIN).create(NEW)
    finally:
        from linkproof_lab import nameservers

        lab.dns = lab.run(nameservers.start(lab.settings, lab.store))
    assert lab.call("GET", "whitelabel/domains").json() == []


# the subuser's share --------------------------------------------------------------------------------
def test_a_subuser_sends_from_the_valid_domain_of_its_account(lab: Any, plugin: Any) -> None:
    lab.subuser("karte-mail")
    inputs = {"domain": "mail.example.net", "username": "karte-mail"}
    with pytest.raises(RefusedError, match=r"no valid authenticated domain mail\.example\.net"):
        plugin.resource(SHARE).create(inputs)
    lab.call("POST", "whitelabel/domains", {"domain": "mail.example.net", "subdomain": "em9"})
    held = valid_domain(lab)
    made = plugin.resource(SHARE).create(inputs)
    assert (made.id, made.outputs["domainId"]) == ("karte-mail", str(held["id"]))
    assert made.refresh() == (inputs, made.outputs)
    made.delete()
    assert made.refresh() is None


def test_a_subuser_is_not_robbed_of_another_domain(lab: Any, plugin: Any) -> None:
    lab.subuser("karte-mail")
    valid_domain(lab)
    other = lab.call("POST", "whitelabel/domains", {"domain": "example.net", "subdomain": "em2"}).json()
    lab.call("POST", f"whitelabel/domains/{other['id']}/subuser", {"username": "karte-mail"})
    with pytest.raises(RefusedError, match=r"subuser karte-mail has domain example\.net"):
        plugin.resource(SHARE).create({"domain": "mail.example.net", "username": "karte-mail"})


def test_two_valid_domains_of_one_name_are_left_to_a_person(lab: Any, plugin: Any) -> None:
    lab.subuser("karte-mail")
    first, inputs = valid_domain(lab), {"domain": "mail.example.net", "username": "karte-mail"}
    valid_domain(lab, "em2")
    with pytest.raises(RefusedError, match="the account has 2 valid authenticated domains"):
        plugin.resource(SHARE).create(inputs)
    lab.call("POST", f"whitelabel/domains/{first['id']}/subuser", {"username": "karte-mail"})
    assert plugin.resource(SHARE).create(inputs).outputs["domainId"] == str(first["id"])


def test_a_share_whose_answer_is_lost_is_looked_for(lab: Any, plugin: Any) -> None:
    lab.subuser("karte-mail")
    valid_domain(lab)
    lab.fault("lost", method="POST", path="*/subuser", status=502, done=True, times=1)
    made = plugin.resource(SHARE).create({"domain": "mail.example.net", "username": "karte-mail"})
    assert made.refresh() is not None


# the hook -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("said", [URL, f"t.karte.example/hook/{KEY}/", f"bad key {KEY}"])
def test_what_the_vendor_says_back_of_the_url_is_in_no_error(lab: Any, plugin: Any, said: str) -> None:
    lab.fault(
        "no",
        method="POST",
        path="*/settings",
        status=400,
        body=json.dumps({"errors": [{"field": "url", "message": said}]}),
    )
    with pytest.raises(RefusedError, match=r"url: .*\[(url|key)\]") as refused:
        plugin.resource(HOOK).create({"url": URL})
    assert KEY not in str(refused.value)
