"""Google Cloud: the load balancer of each account, then each link's certificate with the record that proves it.

`pulumi_gcp` imports a service's module when it is asked for, so only what is used is loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import pulumi
from pulumi_gcp import certificatemanager, compute

from linkproof.contract.build import Building, records_by_item
from linkproof.contract.items import Item, Record
from linkproof.contract.values import Late
from linkproof.edges.gcp import items as kinds
from linkproof.edges.gcp.facts import DESCRIPTION_CHARACTERS, MOST_NAME_CHARACTERS, VENDOR
from linkproof.edges.gcp.items import GoogleObject
from linkproof.edges.gcp.plan import AUTHORIZATION_NAME
from linkproof.edges.gcp.url_map import arguments
from linkproof.names import with_dot
from linkproof.ownership import comment, object_name

Kind = TypeVar("Kind", bound=GoogleObject)
_MANAGED = "EXTERNAL_MANAGED"


def build(items: Sequence[Item], records: Sequence[Record], building: Building) -> None:
    """By account: what others refer to comes first."""
    wanted = [item for item in items if isinstance(item, GoogleObject)]
    validations = records_by_item(records, AUTHORIZATION_NAME)
    for account in dict.fromkeys(item.account for item in wanted):
        _Account(account, [item for item in wanted if item.account == account], validations, building).build()


class _Account:
    """One account's objects.

    Args:
        validations: by host, the record that proves its certificate.
    """

    def __init__(
        self, account: str, items: Sequence[GoogleObject], validations: dict[str, Record], building: Building
    ) -> None:
        self._items = items
        self._validations = validations
        self._building = building
        self._provider = building.provider(VENDOR, account)

    def build(self) -> None:
        backends = self._backends()
        (url_map,) = (self._url_map(item, backends) for item in self._of(kinds.UrlMap))
        (certificates,) = (
            certificatemanager.CertificateMap(item.resource, **self._named(item), opts=self._options(item))
            for item in self._of(kinds.CertificateMap)
        )
        targets = self._proxies(url_map, certificates)
        addresses = {item.resource: self._address(item) for item in self._of(kinds.Address)}
        for item in self._of(kinds.ForwardingRule):
            rule = compute.GlobalForwardingRule(
                item.resource,
                **self._named(item),
                load_balancing_scheme=_MANAGED,
                network_tier="PREMIUM",
                ip_protocol="TCP",
                ip_address=addresses[item.address].address,
                port_range=str(item.port),
                target=targets[item.port],
                opts=self._options(item),
            )
            self._building.made.setdefault(item.resource, []).append(rule)
        entries = {item.resource: item for item in self._of(kinds.MapEntry)}
        issued = {item.resource: item for item in self._of(kinds.Certificate)}
        asked = {item.resource: item for item in self._of(kinds.Authorization)}
        for host, entry in entries.items():
            link = LinkCertificate(entry, self._building)
            if entry.own_certificate:
                shown: pulumi.Input[str] = entry.own_certificate
            else:
                shown = link.issue(asked[host], issued[host], self._validations[host])
            link.show(shown, certificates)

    def _of(self, kind: type[Kind]) -> list[Kind]:
        return [item for item in self._items if isinstance(item, kind)]

    def _named(self, item: GoogleObject) -> dict[str, Any]:
        return named(item, self._building.owner)

    def _options(self, item: GoogleObject) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(provider=self._provider, protect=item.protect)

    def _backends(self) -> dict[str, pulumi.Output[str]]:
        """A group has its endpoint before anybody is led there."""
        groups = {
            item.resource: compute.GlobalNetworkEndpointGroup(
                item.resource,
                **self._named(item),
                network_endpoint_type="INTERNET_FQDN_PORT",
                default_port=443,
                opts=self._options(item),
            )
            for item in self._of(kinds.EndpointGroup)
        }
        endpoints = {
            item.resource: compute.GlobalNetworkEndpoint(
                item.resource,
                global_network_endpoint_group=groups[item.resource].name,
                fqdn=item.origin,
                port=item.port,
                opts=self._options(item),
            )
            for item in self._of(kinds.Endpoint)
        }
        return {
            item.resource: compute.BackendService(
                item.resource,
                **self._named(item),
                load_balancing_scheme=_MANAGED,
                protocol=item.protocol,  # HTTP unless it is said
                timeout_sec=item.timeout_seconds,
                enable_cdn=item.cdn,
                compression_mode="DISABLED",
                backends=[{"group": groups[item.group].self_link}],
                # a line of the log has the whole URL, and so the token of each recipient
                log_config={"enable": item.log},
                opts=pulumi.ResourceOptions.merge(
                    self._options(item), pulumi.ResourceOptions(depends_on=[endpoints[item.group]])
                ),
            ).self_link
            for item in self._of(kinds.Backend)
        }

    def _url_map(self, item: kinds.UrlMap, backends: dict[str, pulumi.Output[str]]) -> compute.URLMap:
        return compute.URLMap(item.resource, **self._named(item), **arguments(item, backends), opts=self._options(item))

    def _proxies(
        self, url_map: compute.URLMap, certificates: certificatemanager.CertificateMap
    ) -> dict[int, pulumi.Output[str]]:
        """By port."""
        found: dict[int, pulumi.Output[str]] = {}
        for https in self._of(kinds.HttpsProxy):
            found[443] = compute.TargetHttpsProxy(
                https.resource,
                **self._named(https),
                url_map=url_map.self_link,
                certificate_map=certificates.id.apply(lambda id_: f"//certificatemanager.googleapis.com/{id_}"),
                tls_early_data="STRICT" if https.early_data else "DISABLED",
                opts=self._options(https),
            ).self_link
        for http in self._of(kinds.HttpProxy):
            found[80] = compute.TargetHttpProxy(
                http.resource, **self._named(http), url_map=url_map.self_link, opts=self._options(http)
            ).self_link
        return found

    def _address(self, item: kinds.Address) -> compute.GlobalAddress:
        made = compute.GlobalAddress(
            item.resource,
            **self._named(item),
            address_type="EXTERNAL",
            ip_version=f"IPV{item.family}",
            opts=self._options(item),
        )
        self._building.late[Late(item.resource, "address")] = made.address
        return made


class LinkCertificate(pulumi.ComponentResource):
    """One link's place in the certificate map, and its certificate where the user has none."""

    def __init__(self, entry: kinds.MapEntry, building: Building) -> None:
        super().__init__("linkproof:gcp:Certificate", entry.host)
        self._entry = entry
        self._building = building
        self._options = pulumi.ResourceOptions(
            parent=self, provider=building.provider(VENDOR, entry.account), protect=entry.protect
        )

    def issue(
        self, authorization: kinds.Authorization, certificate: kinds.Certificate, validation: Record
    ) -> pulumi.Output[str]:
        """Have one issued: its id. Tells `building` name and value of the record that proves it."""
        building, host = self._building, authorization.host
        asked = certificatemanager.DnsAuthorization(
            authorization.resource,
            **named(authorization, building.owner),
            domain=host,
            type=authorization.type,
            location="global",
            opts=self._options,
        )
        said = asked.dns_resource_records.apply(lambda found: found[0])
        name, value = said.apply(lambda one: with_dot(one.name)), said.apply(lambda one: with_dot(one.data))
        building.late[Late(host, "authorization_name")] = name
        building.late[Late(host, "authorization_value")] = value
        record = building.publish(validation, name, value, parent=self)
        if record is not None:
            building.records.append(record)
        made = certificatemanager.Certificate(
            certificate.resource,
            **named(certificate, building.owner),
            location="global",
            scope="DEFAULT",
            managed={"domains": [host], "dns_authorizations": [asked.id]},
            opts=pulumi.ResourceOptions.merge(
                self._options, pulumi.ResourceOptions(depends_on=[record] if record is not None else [])
            ),
        )
        id_: pulumi.Output[str] = made.id
        return id_

    def show(self, certificate: pulumi.Input[str], certificates: certificatemanager.CertificateMap) -> None:
        """Have the map show this certificate for the host."""
        entry = self._entry
        held = certificatemanager.CertificateMapEntry(
            entry.resource,
            **named(entry, self._building.owner),
            map=certificates.name,
            hostname=entry.host,
            certificates=[certificate],
            opts=self._options,
        )
        self._building.made.setdefault(entry.resource, []).append(held)
        self.register_outputs({})


def named(item: GoogleObject, owner: str) -> dict[str, Any]:
    """A name that is the stack's own, so that two stacks can share a project; `linkproof recover` proves by the description whose it is."""
    return {
        "name": object_name(owner, item.resource, MOST_NAME_CHARACTERS).lower(),
        "description": comment(owner, DESCRIPTION_CHARACTERS),
    }
