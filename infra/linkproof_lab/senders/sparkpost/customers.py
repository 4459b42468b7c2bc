"""What SparkPost's customers have done: their click hosts are verified tracking domains."""

from __future__ import annotations

from linkproof_lab.customers import Customer
from linkproof_lab.senders.sparkpost.links import DOMAIN_KIND


def settle(customer: Customer) -> None:
    for host in customer.hosts:
        held = {"region": customer.regions[host], "secure": False, "default": False, "verified": True, "subaccount": 0}
        customer.control.put_document(DOMAIN_KIND, host, held)
