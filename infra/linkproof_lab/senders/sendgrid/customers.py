"""What SendGrid's customers have done: their click hosts are validated."""

from __future__ import annotations

from linkproof_lab.customers import Customer
from linkproof_lab.senders.sendgrid.links import CLICK_KIND, HOST_KIND

# A tracked link of a mail already sent, for people to follow.
DEMO_TOKEN = "demo"  # noqa: S105  a word in an example, no secret


def settle(customer: Customer) -> None:
    for host in customer.hosts:
        customer.control.put_document(HOST_KIND, host, {"valid": True})
    customer.control.put_document(CLICK_KIND, DEMO_TOKEN, {"url": "https://www.example.com/welcome"})
