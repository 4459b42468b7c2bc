"""What KARTE's customers have done: a certificate is uploaded for each tracking host."""

from __future__ import annotations

from linkproof_lab.ca import issue
from linkproof_lab.customers import Customer
from linkproof_lab.senders.karte.origin import HOST_KIND


def settle(customer: Customer) -> None:
    uploaded = customer.control.documents(HOST_KIND)
    for host in customer.hosts:
        if host not in uploaded:
            made = issue(customer.settings, [host])
            pems = {"cert_pem": made.cert_pem, "chain_pem": made.chain_pem, "key_pem": made.key_pem}
            customer.control.put_document(HOST_KIND, host, pems)
