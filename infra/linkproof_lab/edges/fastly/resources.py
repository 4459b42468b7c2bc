"""Services, TLS subscriptions and activations."""

from __future__ import annotations

from linkproof.providers.protocol.base import Package, by_token

from linkproof_lab.edges.fastly.stand_in.client import FastlyClient
from linkproof_lab.edges.fastly.stand_in.service_vcl import ServiceVcl
from linkproof_lab.edges.fastly.stand_in.tls_activation import TlsActivation
from linkproof_lab.edges.fastly.stand_in.tls_subscription import TlsSubscription
from linkproof_lab.edges.fastly.stand_in.tls_subscription_validation import TlsSubscriptionValidation


def resources(client: FastlyClient) -> Package:
    subscribed = (TlsSubscription(client), TlsSubscriptionValidation(client))
    return Package(types=by_token(ServiceVcl(client), *subscribed, TlsActivation(client)), invokes={})
