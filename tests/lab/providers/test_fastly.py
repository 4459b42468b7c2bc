"""Fastly's types against the lab's API, in the words of the SDK."""

from __future__ import annotations

import pulumi_fastly as sdk
import pytest
from linkproof.providers.protocol.schema import Field
from linkproof_lab.edges.fastly.control_plane import custom, services, tls
from linkproof_lab.edges.fastly.facts import CONFIGURATION, FASTLY_KEY, TARGET
from linkproof_lab.edges.fastly.stand_in.service_vcl import ServiceVcl
from linkproof_lab.edges.fastly.stand_in.tls_activation import TlsActivation
from linkproof_lab.edges.fastly.stand_in.tls_subscription import TlsSubscription
from linkproof_lab.edges.fastly.stand_in.tls_subscription_validation import TlsSubscriptionValidation
from pulumi._types import input_type_py_to_pulumi_names, output_type_types, resource_types

from tests.lab.providers.harness import Plugin, RefusedError

SERVICE = "fastly:index/serviceVcl:ServiceVcl"
ACTIVATION = "fastly:index/tlsActivation:TlsActivation"
SUBSCRIPTION = "fastly:index/tlsSubscription:TlsSubscription"
VALIDATION = "fastly:index/tlsSubscriptionValidation:TlsSubscriptionValidation"
HOST = "url1.example.net"


@pytest.fixture(scope="module")
def fastly(lab):
    plugin = Plugin(lab.settings, "fastly", {"baseUrl": lab.settings.api_url("edges/fastly"), "apiKey": FASTLY_KEY})
    yield plugin
    plugin.stop()


def service(host=HOST, **changes):
    return {
        "name": host,
        "comment": "linkproof",
        "domains": [{"name": host}],
        "backends": [{"name": "origin", "address": "sendgrid.net", "port": 443, "useSsl": True}],
        "requestSettings": [{"name": "no cache", "action": "pass"}],
        "forceDestroy": True,
        **changes,
    }


def subscription(host=HOST, **changes):
    return {"domains": [host], "certificateAuthority": "lets-encrypt", **changes}


def names(what: Field) -> set[str]:
    return {*what.fields, *what.elsewhere}


def inputs_of(args) -> set[str]:
    return set(input_type_py_to_pulumi_names(args).values())


@pytest.mark.parametrize(
    ("stand_in", "args", "resource"),
    [
        (ServiceVcl, sdk.ServiceVclArgs, sdk.ServiceVcl),
        (TlsSubscription, sdk.TlsSubscriptionArgs, sdk.TlsSubscription),
        (TlsActivation, sdk.TlsActivationArgs, sdk.TlsActivation),
        (TlsSubscriptionValidation, sdk.TlsSubscriptionValidationArgs, sdk.TlsSubscriptionValidation),
    ],
)
def test_a_type_takes_and_gives_exactly_the_sdk_s_properties(stand_in, args, resource):
    assert names(stand_in.schema) == inputs_of(args)
    given = set(resource_types(resource)) - {"id", "urn"}
    assert {*names(stand_in.schema), *stand_in.computed} == given


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("domains", sdk.ServiceVclDomainArgs),
        ("backends", sdk.ServiceVclBackendArgs),
        ("requestSettings", sdk.ServiceVclRequestSettingArgs),
        ("cacheSettings", sdk.ServiceVclCacheSettingArgs),
        ("snippets", sdk.ServiceVclSnippetArgs),
    ],
)
def test_what_is_in_a_service_has_the_sdk_s_members(name, args):
    assert names(ServiceVcl.schema.fields[name].item) == inputs_of(args)


def test_challenges_have_the_sdk_s_members(fastly, lab):
    made = fastly.resource(SERVICE).create(service())
    asked = fastly.resource(SUBSCRIPTION).create(subscription(forceDestroy=True))
    (dns,) = asked.outputs["managedDnsChallenges"]
    assert set(dns) == set(output_type_types(sdk.outputs.TlsSubscriptionManagedDnsChallenge))
    assert (dns["recordName"], dns["recordType"]) == (f"_acme-challenge.{HOST}", "CNAME")
    for one in asked.outputs["managedHttpChallenges"]:
        assert set(one) == set(output_type_types(sdk.outputs.TlsSubscriptionManagedHttpChallenge))
    assert [TARGET] in [one["recordValues"] for one in asked.outputs["managedHttpChallenges"]]
    assert (asked.outputs["state"], asked.outputs["configurationId"]) == ("pending", CONFIGURATION)
    asked.delete()
    made.delete()


def test_a_service_lives_from_create_to_delete(fastly, lab):
    made = fastly.resource(SERVICE).create(service())
    assert (made.outputs["activeVersion"], made.outputs["clonedVersion"]) == (1, 1)
    (backend,) = lab.store.get(services.KIND, made.id)["versions"][0]["backend"]
    assert (backend["port"], backend["use_ssl"], backend["ssl_check_cert"]) == (443, True, True)
    assert made.refresh()[0] == service()
    assert made.changed(service(snippets=[], activate=True)) == (set(), set())
    more = service(snippets=[{"name": "to the origin", "type": "pass", "content": "unset bereq.http.Cookie;"}])
    assert made.changed(more) == ({"snippets"}, set())
    made.update(more)
    assert made.outputs["activeVersion"] == 2, "a version that is active is locked: its clone is activated"
    assert made.refresh()[0] == more
    made.update({**more, "comment": "somebody's"})
    assert made.outputs["activeVersion"] == 2, "name and comment are in no version"
    imported = fastly.resource(SERVICE).imported(made.id)
    assert imported[1]["domains"] == [{"name": HOST}]
    made.delete()
    assert made.refresh() is None


def test_a_set_says_nothing_by_its_order(fastly):
    made = fastly.resource(SERVICE).create(service(domains=[{"name": HOST}, {"name": "url2.example.net"}]))
    assert made.changed(service(domains=[{"name": "url2.example.net"}, {"name": HOST}])) == (set(), set())
    made.delete()


def test_an_active_service_is_deleted_by_force_alone(fastly):
    made = fastly.resource(SERVICE).create(service(forceDestroy=False))
    with pytest.raises(RefusedError, match="it has an active version"):
        made.delete()
    made.update(service())
    made.delete()


def test_vcl_that_does_not_compile_leaves_a_service_that_the_next_update_mends(fastly, lab):
    wrong = service(snippets=[{"name": "x", "type": "pass", "content": "set bereq.http.X-A = ;"}])
    with pytest.raises(RefusedError, match="Syntax error") as refused:
        fastly.resource(SERVICE).create(wrong)
    left = refused.value.init_failed
    assert left is not None
    made = fastly.resource(SERVICE)
    made.id = left.id
    assert made.imported(left.id)[0] == left.id
    (doc,) = [doc for _, doc in lab.store.all(services.KIND)]
    assert services.active_version(doc) is None
    made.inputs, made.outputs = wrong, wrong
    made.update(service())
    assert made.outputs["activeVersion"] == 2
    made.delete()


def test_a_subscription_is_issued_once_its_challenge_is_in_dns(fastly, lab):
    made = fastly.resource(SERVICE).create(service())
    asked = fastly.resource(SUBSCRIPTION).create(subscription(forceDestroy=True))
    waits = fastly.resource(VALIDATION)
    with pytest.raises(RefusedError, match=r"issuing the certificate of TLS subscription .* did not happen"):
        waits.create({"subscriptionId": asked.id}, timeout=0.2)
    doc = lab.store.get(tls.KIND, asked.id)
    lab.store.put(tls.KIND, asked.id, {**doc, "state": "issued", "certificate": {"id": "c1", "names": [HOST]}})
    waits.create({"subscriptionId": asked.id})
    assert (waits.id, waits.outputs["certificateId"]) == (asked.id, "c1")
    assert waits.refresh() is not None
    assert asked.refresh()[0] == subscription(forceDestroy=True)
    asked.outputs["forceDestroy"] = False
    with pytest.raises(RefusedError, match="HTTP 409"):
        asked.delete()
    asked.outputs["forceDestroy"] = True
    asked.delete()
    assert waits.refresh() is None
    made.delete()


def test_a_subscription_that_has_failed_is_not_waited_for(fastly, lab):
    made = fastly.resource(SERVICE).create(service())
    asked = fastly.resource(SUBSCRIPTION).create(subscription())
    lab.store.put(tls.KIND, asked.id, {**lab.store.get(tls.KIND, asked.id), "state": "failed"})
    with pytest.raises(RefusedError, match="has failed: Fastly tries no longer"):
        fastly.resource(VALIDATION).create({"subscriptionId": asked.id})
    asked.delete()
    made.delete()


@pytest.mark.parametrize("change", [{"certificateAuthority": "certainly"}])
def test_another_authority_replaces_a_subscription(fastly, change):
    asked = fastly.resource(SUBSCRIPTION)
    asked.inputs = subscription()
    assert asked.changed(subscription(**change)) == (set(change), set(change))


def test_what_the_provider_refuses_itself(fastly):
    asked = fastly.resource(SUBSCRIPTION)
    assert "uppercase" in asked.failures(subscription("URL1.example.net"))["domains"]
    assert (
        "one of lets-encrypt" in asked.failures(subscription(certificateAuthority="digicert"))["certificateAuthority"]
    )
    assert "does not serve it" in fastly.resource(SERVICE).failures(service(gzips=[]))["gzips"]


def test_an_activation_shows_another_certificate_in_place(fastly, lab):
    for name in ("AbCdEfGhIj0000000000a1", "AbCdEfGhIj0000000000a2"):
        lab.store.put(custom.CERTIFICATES, name, {"id": name, "customer": "LabCustomer00000000001", "names": [HOST]})
    made = fastly.resource(SERVICE).create(service())
    wanted = {"certificateId": "AbCdEfGhIj0000000000a1", "domain": HOST}
    shown = fastly.resource(ACTIVATION).create(wanted)
    assert (shown.outputs["configurationId"], shown.refresh()[0]) == (CONFIGURATION, wanted)
    assert shown.changed(wanted) == (set(), set())
    other = {**wanted, "certificateId": "AbCdEfGhIj0000000000a2"}
    assert shown.changed(other) == ({"certificateId"}, set())
    assert shown.changed({**wanted, "domain": "url2.example.net"}) == ({"domain"}, {"domain"})
    shown.update(other)
    assert shown.refresh()[0] == other
    with pytest.raises(RefusedError, match="domain_id has already been taken"):
        fastly.resource(ACTIVATION).create(wanted)
    shown.delete()
    assert shown.refresh() is None
    made.delete()
