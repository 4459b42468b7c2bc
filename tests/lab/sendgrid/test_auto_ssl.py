"""Auto SSL: SendGrid's certificate for a host of its customer's comes once both of its records are there and CAA allows it."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography import x509
from linkproof.rdata import presented
from linkproof_lab.senders.sendgrid.control_plane.auto_ssl import AutoSsl
from linkproof_lab.senders.sendgrid.links import CERTIFICATE_KIND, LINK_KIND

HOST = "url1.example.net"


def certificate(lab: Any) -> list[str]:
    """The names of the host's, after a look; none where there is no certificate."""
    for _, link in lab.store.all(LINK_KIND):
        lab.run(AutoSsl(lab.settings, lab.store).step(link))
    held = lab.store.get(CERTIFICATE_KIND, HOST)
    if held is None:
        return []
    leaf = x509.load_pem_x509_certificate(held["cert_pem"].encode())
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return list(names.get_values_for_type(x509.DNSName))


def records(lab: Any) -> dict[str, tuple[str, str, str]]:
    dns = lab.link(auto_ssl=True)["dns"]
    return {
        name: (one["host"], one["type"].upper(), presented(one["type"].upper(), one["data"]))
        for name, one in dns.items()
    }


def test_it_comes_once_both_records_are_there_and_goes_with_the_link(lab: Any) -> None:
    wanted = records(lab)
    lab.publish(wanted["domain_cname"], wanted["owner_cname"])
    assert certificate(lab) == []
    lab.publish(wanted["acme_challenge_cname"])
    assert certificate(lab) == []
    lab.publish(wanted["custom_hostname_txt"])
    assert certificate(lab) == [HOST]
    (link,) = lab.call("GET", "whitelabel/links").json()
    assert lab.call("DELETE", f"whitelabel/links/{link['id']}").status_code == 204
    assert lab.store.get(CERTIFICATE_KIND, HOST) is None


@pytest.mark.parametrize(
    ("authority", "names"), [("amazon.com", []), (";", []), ("pki.goog", [HOST]), ("pki.goog; cansignhttpexchanges=yes", [HOST])]
)  # fmt: skip
def test_caa_decides(lab: Any, authority: str, names: list[str]) -> None:
    lab.publish(("example.net", "CAA", f'0 issue "{authority}"'))
    wanted = records(lab)
    lab.publish(wanted["acme_challenge_cname"], wanted["custom_hostname_txt"])
    assert certificate(lab) == names


def test_another_target_proves_nothing(lab: Any) -> None:
    wanted = records(lab)
    host, kind, _ = wanted["acme_challenge_cname"]
    lab.publish((host, kind, "elsewhere.example."), wanted["custom_hostname_txt"])
    assert certificate(lab) == []
