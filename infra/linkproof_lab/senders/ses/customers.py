"""What SES's customers have done: their domains are verified, and their click hosts are redirect domains of configuration sets."""

from __future__ import annotations

from linkproof_lab.customers import Customer
from linkproof_lab.senders.ses.control_plane.identities import SETTLED_KIND
from linkproof_lab.senders.ses.links import HOST_KIND


def settle(customer: Customer) -> None:
    for host in (*customer.hosts, *customer.managed):
        if any(host == domain or host.endswith(f".{domain}") for domain in customer.proved):
            continue
        customer.control.put_document(SETTLED_KIND, host.partition(".")[2], {"verified": True})
    for host in customer.hosts:
        customer.control.put_document(HOST_KIND, host, {"region": customer.regions[host]})
