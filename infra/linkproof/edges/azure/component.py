"""Azure: the profile of each account and resource group with what its links share, and each link's domain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import pulumi
from pulumi_azure_native import cdn

from linkproof.contract.build import Building
from linkproof.contract.items import Item, Record
from linkproof.contract.values import Late
from linkproof.edges.azure import items as kinds
from linkproof.edges.azure.facts import MOST_NAME_CHARACTERS, VENDOR
from linkproof.edges.azure.items import AzureObject
from linkproof.edges.azure.plan import HOST_NAME, TOKEN
from linkproof.names import with_dot
from linkproof.ownership import TAG, object_name
from linkproof.rdata import presented

Kind = TypeVar("Kind", bound=AzureObject)


def build(items: Sequence[Item], records: Sequence[Record], building: Building) -> None:
    """By account and resource group: what others refer to comes first. No record is named by what is made here."""
    del records
    wanted = [item for item in items if isinstance(item, AzureObject)]
    for place in dict.fromkeys(item.place for item in wanted):
        _Profile([item for item in wanted if item.place == place], building).build()


class _Profile:
    """One profile and all that is in it."""

    def __init__(self, items: Sequence[AzureObject], building: Building) -> None:
        self._items = items
        self._building = building
        self._provider = building.provider(VENDOR, items[0].account)

    def build(self) -> None:
        (profile,) = (self._profile(item) for item in self._of(kinds.Profile))
        inside = {"resource_group_name": self._items[0].group, "profile_name": profile.name}
        (endpoint,) = (self._endpoint(item, inside) for item in self._of(kinds.FrontDoor))
        rule_sets, rules = self._rules(inside)
        groups, origins = self._origins(inside)
        secrets = {item.resource: self._secret(item, inside) for item in self._of(kinds.Secret)}
        domains = {item.host: self._domain(item, inside, secrets) for item in self._of(kinds.Domain)}
        for item in self._of(kinds.Route):
            route = cdn.Route(
                item.resource,
                **inside,
                endpoint_name=endpoint.name,
                route_name=self._named(item),
                origin_group={"id": groups[item.origin_group]},
                custom_domains=[{"id": domains[host]} for host in item.hosts],
                rule_sets=[{"id": rule_sets[item.rule_set]}] if item.rule_set else None,
                patterns_to_match=["/*"],
                supported_protocols=["Http", "Https"],
                forwarding_protocol="HttpsOnly",
                # both are said, whatever Azure does where nothing is
                https_redirect="Disabled",
                link_to_default_domain="Disabled",
                enabled_state="Enabled",
                opts=self._options(item, origins[item.origin_group], *rules),
            )
            self._building.made.setdefault(item.resource, []).append(route)

    def _of(self, kind: type[Kind]) -> list[Kind]:
        return [item for item in self._items if isinstance(item, kind)]

    def _named(self, item: AzureObject) -> str:
        """A name that is the stack's own, so that two stacks can share a resource group."""
        return object_name(self._building.owner, item.resource, MOST_NAME_CHARACTERS)

    def _options(self, item: AzureObject, *after: pulumi.Resource) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(provider=self._provider, protect=item.protect, depends_on=list(after))

    def _profile(self, item: kinds.Profile) -> cdn.Profile:
        return cdn.Profile(
            item.resource,
            resource_group_name=item.group,
            profile_name=self._named(item),
            location="Global",
            sku={"name": item.sku},
            origin_response_timeout_seconds=item.timeout_seconds,
            tags={TAG: self._building.owner},
            opts=self._options(item),
        )

    def _endpoint(self, item: kinds.FrontDoor, inside: dict[str, Any]) -> cdn.AFDEndpoint:
        made = cdn.AFDEndpoint(
            item.resource,
            **inside,
            endpoint_name=self._named(item),
            location="Global",
            enabled_state="Enabled",
            # the same name again for who makes it again, and nobody else's: a record that still leads there leads to no stranger
            auto_generated_domain_name_label_scope="TenantReuse",
            opts=self._options(item),
        )
        self._building.late[Late(item.resource, HOST_NAME)] = made.host_name.apply(with_dot)
        return made

    def _rules(self, inside: dict[str, Any]) -> tuple[dict[str, pulumi.Output[str]], list[pulumi.Resource]]:
        """By `resource`, the ids of rule sets; and the rules in them."""
        sets = {
            item.resource: cdn.RuleSet(
                item.resource, **inside, rule_set_name=_letters(self._named(item)), opts=self._options(item)
            )
            for item in self._of(kinds.RuleSet)
        }
        rules: list[pulumi.Resource] = [
            cdn.Rule(
                item.resource,
                **inside,
                rule_set_name=sets[item.resource].name,
                rule_name=_letters(self._named(item)),
                order=1,
                match_processing_behavior="Continue",
                actions=[_without(header) for header in item.removed_headers],
                opts=self._options(item),
            )
            for item in self._of(kinds.Rule)
        ]
        return {name: made.id for name, made in sets.items()}, rules

    def _origins(self, inside: dict[str, Any]) -> tuple[dict[str, pulumi.Output[str]], dict[str, pulumi.Resource]]:
        """By `resource`, the ids of origin groups, and the origin in each: a route to a group without one is refused."""
        groups = {
            item.resource: cdn.AFDOriginGroup(
                item.resource,
                **inside,
                origin_group_name=self._named(item),
                load_balancing_settings={
                    "sample_size": 4,
                    "successful_samples_required": 3,
                    "additional_latency_in_milliseconds": 50,
                },
                session_affinity_state="Disabled",
                opts=self._options(item),
            )
            for item in self._of(kinds.OriginGroup)
        }
        origins: dict[str, pulumi.Resource] = {
            item.resource: cdn.AFDOrigin(
                item.resource,
                **inside,
                origin_group_name=groups[item.resource].name,
                origin_name=self._named(item),
                host_name=item.origin,
                # left out, the viewer's is sent
                origin_host_header=item.host_header or None,
                http_port=80,
                https_port=443,
                priority=1,
                weight=1000,
                enabled_state="Enabled",
                enforce_certificate_name_check=item.checks_name,
                opts=self._options(item),
            )
            for item in self._of(kinds.Origin)
        }
        return {name: made.id for name, made in groups.items()}, origins

    def _secret(self, item: kinds.Secret, inside: dict[str, Any]) -> pulumi.Output[str]:
        """Typed, for the same reason as a rule's action."""
        source = cdn.CustomerCertificateParametersArgs(
            type="CustomerCertificate",
            secret_source=cdn.ResourceReferenceArgs(id=item.source),
            use_latest_version=True,
        )
        made = cdn.Secret(
            item.resource, **inside, secret_name=self._named(item), parameters=source, opts=self._options(item)
        )
        id_: pulumi.Output[str] = made.id
        return id_

    def _domain(
        self, item: kinds.Domain, inside: dict[str, Any], secrets: dict[str, pulumi.Output[str]]
    ) -> pulumi.Output[str]:
        certificate: dict[str, Any] = {"certificate_type": "ManagedCertificate"}
        if item.secret:
            certificate = {"certificate_type": "CustomerCertificate", "secret": {"id": secrets[item.secret]}}
        made = cdn.AFDCustomDomain(
            item.resource,
            **inside,
            custom_domain_name=self._named(item),
            host_name=item.host,
            tls_settings={
                **certificate,
                "cipher_suite_set_type": item.cipher_suites,
                "minimum_tls_version": "TLS12",
            },
            opts=self._options(item),
        )
        token = made.validation_properties.apply(lambda said: presented("TXT", said.validation_token))
        self._building.late[Late(item.resource, TOKEN)] = token
        self._building.made.setdefault(item.resource, []).append(made)
        id_: pulumi.Output[str] = made.id
        return id_


def _letters(name: str) -> str:
    """Names of rule sets and rules begin with a letter and have letters and digits alone."""
    return name.replace("-", "")


def _without(header: str) -> cdn.DeliveryRuleRequestHeaderActionArgs:
    """Typed: of a property with several types the SDK leaves a dict as it is, and does not spell its keys as the provider reads them."""
    parameters = cdn.HeaderActionParametersArgs(
        type_name="DeliveryRuleHeaderActionParameters", header_action="Delete", header_name=header
    )
    return cdn.DeliveryRuleRequestHeaderActionArgs(name="ModifyRequestHeader", parameters=parameters)
