"""The links that the bench of switches moves: every two edges of the lab, and SendGrid's own HTTPS with each that it can change places with."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import dns.message
import dns.query
import dns.rdatatype
from linkproof import registry
from linkproof.contract.declared import MANAGED
from linkproof_lab import ca
from linkproof_lab.edges.fastly.control_plane.custom import CERTIFICATES
from linkproof_lab.edges.fastly.facts import TARGET
from linkproof_lab.edges.keycdn.facts import KEYCDN_KEY, SUFFIX
from linkproof_lab.registry import EDGES
from linkproof_lab.senders.sendgrid.control_plane.records import AUTO_SSL_TARGET
from linkproof_lab.senders.sendgrid.facts import SENDGRID_KEY
from linkproof_lab.senders.sendgrid.links import CERTIFICATE_KIND

from tests.engine.sandbox import Sandbox, until
from tests.engine.switching import Pair, host_of, with_pairs

# A certificate of the user's own at Fastly.
UPLOADED = "AbCdEfGhIj0000000000a1"
# What cannot change places, and why: nothing of it is hidden in a number.
NOT_SWITCHED = (
    ("managed and cloudflare", "SendGrid's own HTTPS is served by Cloudflare: a host that another zone proxies is refused (`link.own-https`)"),
    ("managed and a TLS subscription of Fastly's", "both are proved at `_acme-challenge` (`edge.challenge-taken`); measured with a certificate of one's own"),
    ("a server of one's own with any edge", "the lab plays none; `tests/engine/test_own_server.py` leads a link to a real nginx and back"),
    ("two servers of one program", "a link has one edge of each provider (`link.standby`)"),
)  # fmt: skip


def pairs() -> list[Pair]:
    """Every two that can change places."""
    played = [name for name in EDGES if name in registry.EDGES and registry.edge(name).is_complete]
    own = [(MANAGED, name) for name in played if name != "cloudflare"]
    return [*combinations(played, 2), *own]


def host(pair: Pair) -> str:
    """SendGrid's own have a zone of their own, whose owner host its API says."""
    return host_of(pair).replace("example.com", "example.net") if MANAGED in pair else host_of(pair)


def declared(wanted: list[Pair], *, moved: bool, standby: bool = True) -> dict[str, Any]:
    """As `with_pairs` has them, those with SendGrid's own HTTPS among them."""
    own = {"-".join(pair): _own(pair, moved=moved, standby=standby) for pair in wanted if MANAGED in pair}
    whole = with_pairs([pair for pair in wanted if MANAGED not in pair], moved=moved, standby=standby, **own)
    whole["senders"] = {"mail": {"provider": "sendgrid", "manage": {}}}
    whole["zones"]["example.net"]["propagation_seconds"] = 1
    own_at_fastly = {host(pair): UPLOADED for pair in wanted if pair == (MANAGED, "fastly")}
    whole["edges"]["fastly"] |= {"target": TARGET, "certificates": own_at_fastly}
    return whole


def begun(wanted: list[Pair]) -> dict[str, Any]:
    """SendGrid's own links in `branded`, where its certificates come; there is no other way to them."""
    first = declared(wanted, moved=False, standby=False)
    for pair in wanted:
        if MANAGED in pair:
            first["links"]["-".join(pair)]["phase"] = "branded"
    return first


def _own(pair: Pair, *, moved: bool, standby: bool) -> dict[str, Any]:
    edge, other = reversed(pair) if moved else pair
    more = {"standby": other} if standby else {}
    if not standby and edge != MANAGED:
        more = {"own_https": {}}  # the brand stays what it is
    return {"sender": "mail", "click_host": host(pair), "phase": "secured", "edge": edge, **more}


def start(box: Sandbox, wanted: list[Pair]) -> None:
    """The stack with its accounts, every link at its first edge with the second standing by."""
    hosts = {f"*.{name.partition('.')[2]}" for name in map(host, wanted)}
    issued = ca.issue(box.lab, sorted(hosts), key="ec256")
    chain = Path(box.root) / "links.pem"
    chain.write_text(issued.cert_pem + issued.chain_pem)
    lab = box.lab
    options = {
        "keycdn": {
            "baseUrl": lab.api_url("edges/keycdn"),
            "zoneSuffix": SUFFIX,
            "certificates": {"links": str(chain)},
        },
        "sendgrid": {
            "baseUrl": lab.api_url("senders/sendgrid"),
            "rootHints": str(lab.hints_file),
            "dnsPort": lab.dns_port,
        },
    }
    secrets = {"keycdnApiKey": KEYCDN_KEY, "sendgridApiKey": SENDGRID_KEY}
    box.stack("dev", begun(wanted), options=options, secrets=secrets)
    pems = {"cert_pem": issued.cert_pem, "chain_pem": issued.chain_pem, "key_pem": issued.key_pem}
    about = {"id": UPLOADED, "customer": "LabCustomer00000000001", "names": sorted(hosts), "name": "", "not_after": 0.0}
    with box.control as control:
        control.put_document(CERTIFICATES, UPLOADED, {**about, **pems})
    box.give_secrets("dev", "default", {"keycdnCertificateKeys.links": issued.key_pem})
    box.up("dev")
    until(lambda: _certified(box) >= {host(pair) for pair in wanted if MANAGED in pair}, 300)
    for standby in (False, True):  # a phase, and then what stands by: one thing at a time
        box.declare("dev", declared(wanted, moved=False, standby=standby))
        box.linkproof("guard", "dev")
        box.up("dev")


def addresses(box: Sandbox, edge: str) -> tuple[str, ...]:
    """Of an edge of the lab, or of SendGrid's own."""
    if edge != MANAGED:
        return tuple(box.lab.edge_addresses(edge))
    question = dns.message.make_query(AUTO_SSL_TARGET, "A")
    answer = dns.query.udp(question, box.lab.resolver, 20, port=box.lab.dns_port)
    return tuple(item.to_text() for rrset in answer.answer if rrset.rdtype == dns.rdatatype.A for item in rrset)


def _certified(box: Sandbox) -> set[str]:
    with box.control as control:
        return set(control.documents(CERTIFICATE_KIND))
