"""Services and TLS subscriptions."""

from __future__ import annotations

from linkproof.providers.protocol.base import Package, by_token

from linkproof_lab.edges.fastly.stand_in.client import FastlyClient
from linkproof_lab.edges.fastly.stand_in.service_vcl import ServiceVcl
from linkproof_lab.edges.fastly.stand_in.tls_subscription import TlsSubscription
from linkproof_lab.edges.fastly.stand_in.tls_subscription_validation import TlsSubscriptionValidation


def resources(client: FastlyClient) -> Package:
    return Package(
        types=by_token(ServiceVcl(client), TlsSubscription(client), TlsSubscriptionValidation(client)), invokes={}
    )
