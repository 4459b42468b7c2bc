"""Fastly: an edge groups a service, a TLS subscription, the record that proves it, and the wait."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pulumi

from linkproof.contract.build import Building, records_by_item
from linkproof.contract.items import Item, Record
from linkproof.contract.values import Late
from linkproof.edges.fastly.challenges import challenge, target_of
from linkproof.edges.fastly.facts import COMMENT_CHARACTERS, DUALSTACK, NAME_CHARACTERS, VENDOR
from linkproof.edges.fastly.items import Activation, Service, Subscription
from linkproof.edges.fastly.plan import CHALLENGE_NAME, CHALLENGE_VALUE, DUALSTACK_TARGET, TARGET
from linkproof.edges.fastly.service import arguments
from linkproof.in_parts import import_in_parts
from linkproof.names import with_dot
from linkproof.ownership import comment, object_name

import_in_parts("pulumi_fastly")

import pulumi_fastly.service_vcl as service_sdk  # noqa: E402
import pulumi_fastly.tls_activation as activation_sdk  # noqa: E402
import pulumi_fastly.tls_subscription as subscription_sdk  # noqa: E402
import pulumi_fastly.tls_subscription_validation as validation_sdk  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Mapping

# Fastly asks DNS every few minutes, and an authority may take its time.
VALIDATION_TIMEOUT = "75m"


def build(items: Sequence[Item], records: Sequence[Record], building: Building) -> None:
    """Each link's edge, with the record that proves its certificate where Fastly issues one."""
    activations = {item.resource: item for item in items if isinstance(item, Activation)}
    subscriptions = {item.resource: item for item in items if isinstance(item, Subscription)}
    challenges = records_by_item(records, CHALLENGE_NAME)
    for item in items:
        if isinstance(item, Service):
            edge, host = FastlyEdge(item, building), item.resource
            if host in activations:
                edge.activate(activations[host])
            else:
                edge.subscribe(subscriptions[host], challenges[host])


class FastlyEdge(pulumi.ComponentResource):
    """One link's edge: its service, and then either of the two that switch TLS on for it."""

    def __init__(self, service: Service, building: Building) -> None:
        super().__init__("linkproof:fastly:Edge", service.resource)
        self._building = building
        self._served = self._service(service)

    def activate(self, planned: Activation) -> None:
        """With a certificate of the user's own."""
        more: dict[str, Any] = {"configuration_id": planned.configuration} if planned.configuration else {}
        made = activation_sdk.TlsActivation(
            planned.resource,
            certificate_id=planned.certificate,
            domain=planned.host,
            **more,
            opts=pulumi.ResourceOptions(
                parent=self,
                provider=self._building.provider(VENDOR, planned.account),
                protect=planned.protect,
                depends_on=[self._served],
            ),
        )
        self._building.made.setdefault(planned.resource, []).append(made)
        self.register_outputs({})

    def subscribe(self, subscription: Subscription, record: Record) -> None:
        """With one that Fastly issues. Tells `building` where the host must lead, and name and value of the record that proves it."""
        building = self._building
        subscribed = self._subscription(subscription)
        target = subscribed.managed_http_challenges.apply(lambda found: with_dot(target_of(_plain(found))))
        proof = subscribed.managed_dns_challenges.apply(lambda found: challenge(_plain(found), subscription.host))
        name, value = proof.apply(lambda found: with_dot(found[0])), proof.apply(lambda found: with_dot(found[1]))
        published = building.publish(record, name, value, parent=self)
        if published is not None:
            building.records.append(published)
        waited = validation_sdk.TlsSubscriptionValidation(
            subscription.resource,
            subscription_id=subscribed.id,
            opts=pulumi.ResourceOptions(
                parent=self,
                provider=building.provider(VENDOR, subscription.account),
                depends_on=[published] if published is not None else [],
                custom_timeouts=pulumi.CustomTimeouts(create=VALIDATION_TIMEOUT),
            ),
        )
        # whoever leads a host here waits until its certificate is there
        ready = pulumi.Output.all(target, waited.id).apply(lambda both: str(both[0]))
        host = subscription.resource
        building.late[Late(host, TARGET)] = ready
        building.late[Late(host, DUALSTACK_TARGET)] = ready.apply(lambda found: f"{DUALSTACK}{found}")
        building.late[Late(host, CHALLENGE_NAME)] = name
        building.late[Late(host, CHALLENGE_VALUE)] = value
        self.register_outputs({"target": ready})

    def _service(self, planned: Service) -> service_sdk.ServiceVcl:
        owner = self._building.owner
        return service_sdk.ServiceVcl(
            planned.resource,
            name=object_name(owner, planned.resource, NAME_CHARACTERS),
            # A service has no tags: `linkproof recover` proves by its comment that it is ours.
            comment=comment(owner, COMMENT_CHARACTERS),
            **arguments(planned),
            opts=pulumi.ResourceOptions(
                parent=self, provider=self._building.provider(VENDOR, planned.account), protect=planned.protect
            ),
        )

    def _subscription(self, planned: Subscription) -> subscription_sdk.TlsSubscription:
        more: dict[str, Any] = {"configuration_id": planned.configuration} if planned.configuration else {}
        return subscription_sdk.TlsSubscription(
            planned.resource,
            domains=[planned.host],
            certificate_authority=planned.authority,
            # Fastly switches TLS on for the host by itself, and refuses to delete what is on; the guard says when it may go.
            force_destroy=True,
            **more,
            opts=pulumi.ResourceOptions(
                parent=self,
                provider=self._building.provider(VENDOR, planned.account),
                protect=planned.protect,
                depends_on=[self._served],
            ),
        )


def _plain(found: Sequence[Any] | None) -> list[Mapping[str, Any]]:
    """The SDK's typed challenges in the names of the engine's state."""
    return [
        {
            "recordName": one.record_name,
            "recordType": one.record_type,
            "recordValue": getattr(one, "record_value", None),
            "recordValues": getattr(one, "record_values", None),
        }
        for one in found or ()
    ]
