"""Google Cloud's types in the stand-in: they take what the SDK's own types have, and refuse what Google refuses."""

from __future__ import annotations

import importlib
import inspect
import re
from typing import Any

import pytest
from linkproof_lab.dns.gcp.stand_in.record_set import RecordSet
from linkproof_lab.edges.gcp.stand_in import certificate_manager, compute
from linkproof_lab.edges.gcp.stand_in.endpoint import Endpoint

from tests.lab.providers.harness import GCP_ZONE, Plugin, RefusedError

SCHEMAS = {kind.token: kind.schema for kind in (*compute.KINDS, *certificate_manager.KINDS)} | {
    Endpoint.token: Endpoint.schema,
    RecordSet.token: RecordSet.schema,
}
# In the SDK's types of inputs, what only the vendor can set has no place; `managed` alone has some.
MARK = "linkproof acme/linkproof/dev"


def camel(name: str) -> str:
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), name)


@pytest.mark.parametrize("token", SCHEMAS)
def test_a_type_knows_every_input_of_the_sdk_s_and_no_other(token: str) -> None:
    module, _, name = token.removeprefix("gcp:").partition(":")
    arguments = getattr(importlib.import_module(f"pulumi_gcp.{module.partition('/')[0]}"), f"{name}Args")
    theirs = {camel(one) for one in inspect.signature(arguments.__init__).parameters if one != "__self__"}
    schema = SCHEMAS[token]
    assert {*schema.fields, *schema.elsewhere} == theirs
    required = {
        camel(name)
        for name, one in inspect.signature(arguments.__init__).parameters.items()
        if name != "__self__" and one.default is inspect.Parameter.empty
    }
    # the program names each object, for the names that the engine makes up say nothing
    assert {name for name, field in schema.fields.items() if field.required} - {"name"} == required - {"name"}


def made(gcp: Plugin, token: str, inputs: dict[str, Any]) -> Any:
    return gcp.resource(token).create(inputs)


@pytest.fixture(scope="module")
def balancer(gcp: Plugin) -> dict[str, Any]:
    """Every part of a load balancer, in the order in which they refer to each other."""
    found: dict[str, Any] = {}

    def make(name: str, /, **inputs: Any) -> Any:
        module = "certificatemanager" if name.startswith(("Certificate", "Dns")) else "compute"
        token = f"gcp:{module}/{name[0].lower()}{name[1:]}:{name}"
        found[name] = made(gcp, token, inputs)
        return found[name]

    make("GlobalAddress", name="web", description=MARK, ipVersion="IPV4")
    group = make("GlobalNetworkEndpointGroup", name="send", networkEndpointType="INTERNET_FQDN_PORT", defaultPort=443)
    make("GlobalNetworkEndpoint", globalNetworkEndpointGroup="send", fqdn="sendgrid.net", port=443)
    service = make(
        "BackendService",
        name="send",
        protocol="HTTPS",
        loadBalancingScheme="EXTERNAL_MANAGED",
        backends=[{"group": group.outputs["selfLink"]}],
        logConfig={"enable": False},
    )
    url_map = make("URLMap", **routes(service.outputs["selfLink"]))
    certificates = make("CertificateMap", name="map", description=MARK)
    authorization = make("DnsAuthorization", name="host", domain="url1.example.org", type="PER_PROJECT_RECORD")
    certificate = make(
        "Certificate", name="host", managed={"domains": ["url1.example.org"], "dnsAuthorizations": [authorization.id]}
    )
    make("CertificateMapEntry", name="host", map="map", hostname="url1.example.org", certificates=[certificate.id])
    proxy = make(
        "TargetHttpsProxy",
        name="web",
        urlMap=url_map.outputs["selfLink"],
        certificateMap=f"//certificatemanager.googleapis.com/{certificates.id}",
        tlsEarlyData="DISABLED",
    )
    make("TargetHttpProxy", name="web", urlMap=url_map.outputs["selfLink"])
    make(
        "GlobalForwardingRule",
        name="web-443",
        loadBalancingScheme="EXTERNAL_MANAGED",
        ipAddress=found["GlobalAddress"].outputs["address"],
        portRange="443",
        target=proxy.outputs["selfLink"],
    )
    return found


def routes(service: str, *more: str) -> dict[str, Any]:
    matcher = {
        "name": "send",
        "defaultService": service,
        "defaultRouteAction": {"retryPolicy": {"numRetries": 1, "retryConditions": ["connect-failure"]}},
        "headerAction": {"requestHeadersToRemoves": ["Cookie"]},
    }
    return {
        "name": "web",
        "defaultService": service,
        "hostRules": [{"hosts": ["url1.example.org", *more], "pathMatcher": "send"}],
        "pathMatchers": [matcher],
    }


def test_nothing_differs_after_a_refresh_or_an_import(balancer: dict[str, Any]) -> None:
    for name, resource in balancer.items():
        inputs = dict(resource.inputs)
        inputs.pop("__defaults", None)
        read = resource.refresh()
        assert read is not None, name
        assert resource.changed(inputs) == (set(), set()), name
        assert {key: read[0].get(key) for key in inputs} == inputs, name
        imported = resource.imported(resource.id)
        assert imported is not None, name
        assert imported[0] == resource.id


def test_an_authorization_says_its_record_and_a_preview_does_not_know_it(gcp: Plugin, balancer: dict[str, Any]) -> None:
    (record,) = balancer["DnsAuthorization"].outputs["dnsResourceRecords"]
    assert re.fullmatch(r"_acme-challenge_[0-9a-f]{16}\.url1\.example\.org\.", record["name"])
    assert (record["type"], record["data"].endswith(".authorize.certificatemanager.goog.")) == ("CNAME", True)
    previewed = gcp.resource("gcp:certificatemanager/dnsAuthorization:DnsAuthorization").preview(
        {"name": "later", "domain": "url2.example.org"}
    )
    assert previewed["dnsResourceRecords"] != balancer["DnsAuthorization"].outputs["dnsResourceRecords"]


def test_a_host_is_added_in_place_and_a_new_origin_is_a_new_endpoint(balancer: dict[str, Any]) -> None:
    url_map, service = balancer["URLMap"], balancer["BackendService"].outputs["selfLink"]
    assert url_map.changed(routes(service, "url2.example.org")) == ({"hostRules"}, set())
    url_map.update(routes(service, "url2.example.org"))
    url_map.update(routes(service))
    endpoint = balancer["GlobalNetworkEndpoint"]
    assert endpoint.changed({**endpoint.inputs, "fqdn": "eu.sendgrid.net"}) == ({"fqdn"}, {"fqdn"})


@pytest.mark.parametrize(
    ("token", "inputs", "said"),
    [
        ("gcp:compute/globalAddress:GlobalAddress", {"name": "web"}, "already exists"),
        ("gcp:compute/globalAddress:GlobalAddress", {"name": "Web"}, "Invalid value for field 'resource.name'"),
        ("gcp:compute/targetHttpsProxy:TargetHttpsProxy", {"name": "bare", "urlMap": "projects/acme/global/urlMaps/web"}, "sslCertificates"),
        ("gcp:compute/targetHttpProxy:TargetHttpProxy", {"name": "lost", "urlMap": "projects/acme/global/urlMaps/none"}, "was not found"),
        ("gcp:compute/globalNetworkEndpoint:GlobalNetworkEndpoint", {"globalNetworkEndpointGroup": "send", "fqdn": "b.example", "port": 443}, "one endpoint only"),
        ("gcp:certificatemanager/certificate:Certificate", {"name": "other", "managed": {"domains": ["x.example.org"]}}, "no DNS authorization for x.example.org"),
        ("gcp:certificatemanager/certificateMapEntry:CertificateMapEntry",
         {"name": "twice", "map": "map", "hostname": "url1.example.org", "certificates": ["projects/acme/locations/global/certificates/host"]}, "has an entry"),
    ],
)  # fmt: skip
def test_what_google_refuses_is_refused(
    gcp: Plugin, balancer: dict[str, Any], token: str, inputs: Any, said: str
) -> None:
    with pytest.raises(RefusedError, match=said):
        made(gcp, token, inputs)


def test_what_another_one_uses_is_not_deleted(balancer: dict[str, Any]) -> None:
    for name in ("GlobalAddress", "BackendService", "URLMap", "CertificateMap", "Certificate", "DnsAuthorization"):
        with pytest.raises(RefusedError, match="is already being used by"):
            balancer[name].delete()


def test_a_record_set_moves_in_one_change_and_never_overwrites(gcp: Plugin) -> None:
    token = "gcp:dns/recordSet:RecordSet"
    wanted = {
        "managedZone": GCP_ZONE,
        "name": "url1.example.org.",
        "type": "CNAME",
        "ttl": 300,
        "rrdatas": ["sendgrid.net."],
    }
    record = made(gcp, token, wanted)
    assert record.id == f"projects/acme/managedZones/{GCP_ZONE}/rrsets/url1.example.org./CNAME"
    with pytest.raises(RefusedError, match="already exists"):
        made(gcp, token, wanted)
    moved = {**wanted, "rrdatas": ["edge-gcp-default.example.org."]}
    assert record.changed(moved) == ({"rrdatas"}, set())
    record.update(moved)
    read = record.refresh()
    assert read is not None
    assert read[0]["rrdatas"] == ["edge-gcp-default.example.org."]
    record.delete()
    assert record.refresh() is None
