"""A brand is validated once, when every authoritative server has its records, and is only read after that."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from linkproof_lab.senders.sendgrid.links import host_written

from tests.lab.providers.harness import RefusedError

TOKEN = "sendgrid:index:LinkValidation"
HOST, OWNER = "url1.example.net", "1234567.example.net"
RIGHT = ((HOST, "CNAME", "sendgrid.net."), (OWNER, "CNAME", "sendgrid.net."))


def validate(plugin: Any, link: dict[str, Any], timeout: float = 0.5) -> Any:
    return plugin.resource(TOKEN, HOST).create({"linkId": str(link["id"])}, timeout=timeout)


def validations(lab: Any) -> list[Any]:
    found: list[Any] = lab.asked("POST", "validate")
    return found


def test_it_validates_once_and_then_only_reads(lab: Any, plugin: Any) -> None:
    link = lab.link("url1")
    lab.publish(*RIGHT)
    made = validate(plugin, link)
    assert made.outputs["results"] == {"domain_cname": True, "owner_cname": True}
    assert host_written(lab.store, "lab", "example.net") == HOST
    made.refresh()
    made.update({"linkId": str(link["id"])})
    validate(plugin, link)
    made.delete()
    assert len(validations(lab)) == 1


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ((RIGHT[0],), rf"{OWNER} at .* gives no CNAME"),
        ((RIGHT[1],), rf"{HOST} at .* gives no CNAME"),
        (((HOST, "CNAME", "d1.cloudfront.net."), RIGHT[1]), rf"{HOST} at .* gives d1\.cloudfront\.net"),
        (((HOST, "A", "192.0.2.1"), RIGHT[1]), rf"{HOST} at .* proxied or flattened"),
        (((HOST, "CNAME", "sendgrid.net.attacker.example."), RIGHT[1]), "gives sendgrid.net.attacker"),
    ],
)
def test_without_both_records_nothing_is_validated(lab: Any, plugin: Any, records: Any, said: str) -> None:
    link = lab.link("url1")
    lab.publish(*records)
    with pytest.raises(RefusedError, match=said):
        validate(plugin, link)
    assert validations(lab) == []


def test_one_server_that_lags_is_waited_for(lab: Any, plugin: Any) -> None:
    link = lab.link("url1")
    last = lab.settings.server_addresses("route53")[-1]
    lab.store.put("propagation", last, {"seconds": 3600})
    lab.publish(*RIGHT)
    with pytest.raises(RefusedError, match=r"gives no CNAME"):
        validate(plugin, link)
    assert validations(lab) == []
    threading.Timer(1.0, lambda: lab.store.put("propagation", last, {"seconds": 0})).start()
    validate(plugin, link, timeout=30)
    assert len(validations(lab)) == 1


def test_a_server_that_fails_keeps_it_from_validating(lab: Any, plugin: Any) -> None:
    link = lab.link("url1")
    lab.publish(*RIGHT)
    lab.store.put("dns-fault", "one", {"server": lab.settings.server_addresses("route53")[0], "mode": "refused"})
    with pytest.raises(RefusedError, match="it answers REFUSED"):
        validate(plugin, link)
    assert validations(lab) == []


def test_each_record_s_own_result_counts_and_not_the_one_above(lab: Any, plugin: Any) -> None:
    link = lab.link("url1")
    lab.publish(*RIGHT)
    wrong = {
        "domain_cname": {"valid": False, "reason": 'Expected CNAME to match "sendgrid.net." but found none'},
        "owner_cname": {"valid": True, "reason": None},
    }
    lab.fault("lie", method="POST", path="*/validate", set={"valid": True, "validation_results": wrong})
    with pytest.raises(RefusedError, match="domain_cname: Expected CNAME"):
        validate(plugin, link)
    lab.fault("lie", method="POST", path="*/validate", set={"valid": True, "validation_results": {}})
    other = lab.link("url2")
    lab.publish(("url2.example.net", "CNAME", "sendgrid.net."))
    with pytest.raises(RefusedError, match="gave no result of any record"):
        validate(plugin, other)


def test_an_answer_that_is_lost_is_looked_after_and_never_asked_for_again(lab: Any, plugin: Any) -> None:
    link = lab.link("url1")
    lab.publish(*RIGHT)
    lab.fault("lost", method="POST", path="*/validate", status=500, done=True)
    validate(plugin, link)
    assert len(validations(lab)) == 1


def test_the_vendor_s_own_trouble_is_an_error_with_its_words(lab: Any, plugin: Any) -> None:
    link = lab.link("url1")
    lab.publish(*RIGHT)
    lab.store.put("dns-fault", "mute", {"server": lab.settings.resolver, "mode": "servfail"})
    with pytest.raises(RefusedError, match="internal error getting CNAME"):
        validate(plugin, link)
    assert len(validations(lab)) == 1


def test_what_is_not_valid_any_more_has_to_be_validated_again(lab: Any, plugin: Any) -> None:
    link = lab.link("url1")
    lab.publish(*RIGHT)
    made = validate(plugin, link)
    lab.publish((HOST, "CNAME", "elsewhere.example."))
    lab.call("POST", f"whitelabel/links/{link['id']}/validate")
    assert made.refresh() is None
    with pytest.raises(RefusedError, match="not every authoritative server"):
        validate(plugin, link)
    assert len(validations(lab)) == 2, "the first, and the person's"


def test_a_read_that_is_refused_is_no_word_of_it_being_gone(lab: Any, plugin: Any) -> None:
    link = lab.link("url1")
    lab.publish(*RIGHT)
    made = validate(plugin, link)
    for status in (401, 403):
        lab.fault("read", method="GET", path="/v3/whitelabel/links/*", status=status)
        with pytest.raises(RefusedError, match=f"HTTP {status}"):
            made.refresh()


def test_a_domain_is_validated_by_its_three_names(lab: Any, plugin: Any) -> None:
    domain = lab.call("POST", "whitelabel/domains", {"domain": "example.net", "subdomain": "em1"}).json()
    wanted = {"domainId": str(domain["id"])}
    with pytest.raises(RefusedError, match=r"s1\._domainkey\.example\.net"):
        plugin.resource("sendgrid:index:DomainValidation").create(wanted, timeout=0.5)
    lab.publish(*((one["host"], "CNAME", f"{one['data']}.") for one in domain["dns"].values()))
    made = plugin.resource("sendgrid:index:DomainValidation").create(wanted, timeout=5)
    assert set(made.outputs["results"].values()) == {True}


def test_mx_and_texts_of_a_domain_are_waited_for_at_every_server(lab: Any, plugin: Any) -> None:
    inputs = {"domain": "mail.example.net", "subdomain": "em1", "automaticSecurity": False}
    made = plugin.resource("sendgrid:index:DomainAuthentication").create(inputs)
    validation = plugin.resource("sendgrid:index:DomainValidation")
    records = made.outputs["records"]
    lab.publish(("em1.mail.example.net", "MX", "20 elsewhere.example."))
    with pytest.raises(RefusedError, match=r"MX at em1\.mail\.example\.net: 1 other.*TXT at m1\._domainkey.*: none"):
        validation.create({"domainId": made.id}, timeout=1)
    assert validations(lab) == []
    lab.publish(
        ("em1.mail.example.net", "MX", "10 mx.sendgrid.net."),
        *((one["name"], "TXT", f'"{one["value"]}"') for one in records.values() if one["type"] == "TXT"),
    )
    done = validation.create({"domainId": made.id}, timeout=60)
    assert done.outputs["results"] == {"mail_server": True, "subdomain_spf": True, "dkim": True}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"customDkimSelector": "abc"},
        {"automaticSecurity": False},
        {"automaticSecurity": False, "customDkimSelector": "abc"},
    ],
)
def test_what_a_domain_was_made_with_is_read_off_its_records_at_an_import(plugin: Any, more: Any) -> None:
    inputs = {"domain": "mail.example.net", "subdomain": "em1", **more}
    made = plugin.resource("sendgrid:index:DomainAuthentication").create(inputs)
    _, read, _ = plugin.resource("sendgrid:index:DomainAuthentication").imported(made.id)
    assert read == {**inputs, "default": False} or read == inputs
