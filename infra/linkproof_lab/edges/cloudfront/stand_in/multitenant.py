"""aws:cloudfront/multitenantDistribution:MultitenantDistribution, connectionGroup:ConnectionGroup and distributionTenant:DistributionTenant.

Read from terraform-provider-aws, internal/service/cloudfront: what replaces what, and that a tenant's new name is taken and never sent.
"""

from __future__ import annotations

import uuid
from xml.etree import ElementTree as ET

from linkproof.providers.protocol.base import Patience, State
from linkproof.providers.protocol.schema import words
from linkproof.providers.protocol.values import Properties

from linkproof_lab.edges.cloudfront.stand_in import multitenant_schema as schemas
from linkproof_lab.edges.cloudfront.stand_in.client import NAMESPACE, tag_nodes
from linkproof_lab.edges.cloudfront.stand_in.distribution_xml import disabled
from linkproof_lab.edges.cloudfront.stand_in.multitenant_xml import multitenant_inputs, multitenant_nodes
from linkproof_lab.edges.cloudfront.stand_in.switched import Switched
from linkproof_lab.vendors.aws.stand_in import xml


class MultitenantDistribution(Switched):
    """What all tenants of one origin share."""

    token = "aws:cloudfront/multitenantDistribution:MultitenantDistribution"  # noqa: S105
    path = "distribution"
    what = "multi-tenant distribution"
    schema = schemas.MULTITENANT
    computed = words(
        "arn callerReference connectionMode domainName etag inProgressInvalidationBatches lastModifiedTime status tagsAll"
    )
    volatile = ("etag", "inProgressInvalidationBatches", "lastModifiedTime", "status", "tagsAll")
    local = ()

    def create(self, inputs: Properties, patience: Patience) -> State:
        tags = self.all_tags(inputs)
        both: list[xml.Node] = [
            ("DistributionConfig", multitenant_nodes(inputs, f"linkproof-{uuid.uuid4()}")),
            ("Tags", tag_nodes(tags)),
        ]
        body = xml.document("DistributionConfigWithTags", NAMESPACE, both)
        made, etag = self._cloudfront.post("distribution", body, {"WithTags": ""})
        return self.deployed(self.state(made, etag, tags), inputs, patience)

    def change(self, found: ET.Element, etag: str, inputs: Properties) -> tuple[ET.Element, str]:
        nodes = multitenant_nodes(inputs, xml.text(found, "DistributionConfig/CallerReference"))
        body = xml.document("DistributionConfig", NAMESPACE, nodes)
        return self._cloudfront.put(f"distribution/{xml.text(found, 'Id')}/config", body, etag)

    def switch_off(self, found: ET.Element, etag: str) -> None:
        config = found.find("DistributionConfig")
        assert config is not None, "CloudFront answered without a DistributionConfig"
        self._cloudfront.put(f"distribution/{xml.text(found, 'Id')}/config", disabled(config, NAMESPACE), etag)

    def is_enabled(self, found: ET.Element) -> bool:
        return xml.flag(found, "DistributionConfig/Enabled")

    def arn(self, found: ET.Element) -> str:
        return xml.text(found, "ARN")

    def held(self, found: ET.Element) -> Properties:
        config = found.find("DistributionConfig")
        assert config is not None, "CloudFront answered without a DistributionConfig"
        return multitenant_inputs(config)

    def said(self, found: ET.Element) -> Properties:
        return {
            "callerReference": xml.text(found, "DistributionConfig/CallerReference"),
            "connectionMode": xml.text(found, "DistributionConfig/ConnectionMode"),
            "domainName": xml.text(found, "DomainName"),
            "inProgressInvalidationBatches": xml.number(found, "InProgressInvalidationBatches"),
            "lastModifiedTime": xml.text(found, "LastModifiedTime"),
        }


class ConnectionGroup(Switched):
    """Where the domains of tenants lead. Another name replaces it."""

    token = "aws:cloudfront/connectionGroup:ConnectionGroup"  # noqa: S105
    path = "connection-group"
    what = "connection group"
    schema = schemas.CONNECTION_GROUP
    computed = ("arn", "etag", "isDefault", "lastModifiedTime", "routingEndpoint", "status", "tagsAll")
    volatile = ("etag", "lastModifiedTime", "status", "tagsAll")

    def create(self, inputs: Properties, patience: Patience) -> State:
        tags = self.all_tags(inputs)
        nodes = [("Name", inputs["name"]), *_switches(inputs), ("Tags", tag_nodes(tags))]
        made, etag = self._cloudfront.post(self.path, xml.document("CreateConnectionGroupRequest", NAMESPACE, nodes))
        return self.deployed(self.state(made, etag, tags), inputs, patience)

    def change(self, found: ET.Element, etag: str, inputs: Properties) -> tuple[ET.Element, str]:
        body = xml.document("UpdateConnectionGroupRequest", NAMESPACE, _switches(inputs))
        return self._cloudfront.put(f"{self.path}/{xml.text(found, 'Id')}", body, etag)

    def switch_off(self, found: ET.Element, etag: str) -> None:
        self.change(found, etag, {**self.held(found), "enabled": False})

    def is_enabled(self, found: ET.Element) -> bool:
        return xml.flag(found, "Enabled")

    def arn(self, found: ET.Element) -> str:
        return xml.text(found, "Arn")

    def held(self, found: ET.Element) -> Properties:
        return {
            "name": xml.text(found, "Name"),
            "enabled": xml.flag(found, "Enabled"),
            "ipv6Enabled": xml.flag(found, "Ipv6Enabled"),
        }

    def said(self, found: ET.Element) -> Properties:
        return {
            "isDefault": xml.flag(found, "IsDefault"),
            "lastModifiedTime": xml.text(found, "LastModifiedTime"),
            "routingEndpoint": xml.text(found, "RoutingEndpoint"),
        }


class DistributionTenant(Switched):
    """One tenant. Another distribution replaces it; another name does nothing at all."""

    token = "aws:cloudfront/distributionTenant:DistributionTenant"  # noqa: S105
    path = "distribution-tenant"
    what = "distribution tenant"
    schema = schemas.TENANT
    computed = ("arn", "connectionGroupId", "etag", "status", "tagsAll")
    volatile = ("etag", "status", "tagsAll")

    def create(self, inputs: Properties, patience: Patience) -> State:
        tags = self.all_tags(inputs)
        nodes = [("Name", inputs["name"]), *_tenant_nodes(inputs), ("Tags", tag_nodes(tags))]
        made, etag = self._cloudfront.post(self.path, xml.document("CreateDistributionTenantRequest", NAMESPACE, nodes))
        return self.deployed(self.state(made, etag, tags), inputs, patience)

    def change(self, found: ET.Element, etag: str, inputs: Properties) -> tuple[ET.Element, str]:
        body = xml.document("UpdateDistributionTenantRequest", NAMESPACE, _tenant_nodes(inputs))
        return self._cloudfront.put(f"{self.path}/{xml.text(found, 'Id')}", body, etag)

    def switch_off(self, found: ET.Element, etag: str) -> None:
        self.change(found, etag, {**self.held(found), "enabled": False})

    def is_enabled(self, found: ET.Element) -> bool:
        return xml.flag(found, "Enabled")

    def arn(self, found: ET.Element) -> str:
        return xml.text(found, "Arn")

    def held(self, found: ET.Element) -> Properties:
        arn = xml.text(found, "Customizations/Certificate/Arn")
        return {
            "name": xml.text(found, "Name"),
            "distributionId": xml.text(found, "DistributionId"),
            "connectionGroupId": xml.text(found, "ConnectionGroupId"),
            "customizations": {"certificate": {"arn": arn}} if arn else {},
            "domains": [{"domain": name} for name in xml.texts(found, "Domains/member/Domain")],
            "enabled": xml.flag(found, "Enabled"),
        }

    def said(self, found: ET.Element) -> Properties:
        return {"connectionGroupId": xml.text(found, "ConnectionGroupId")}


def _switches(inputs: Properties) -> list[xml.Node]:
    return [("Ipv6Enabled", inputs.get("ipv6Enabled", False)), ("Enabled", inputs.get("enabled", True))]


def _tenant_nodes(inputs: Properties) -> list[xml.Node]:
    arn = ((inputs.get("customizations") or {}).get("certificate") or {}).get("arn")
    group = inputs.get("connectionGroupId")
    certificate: list[xml.Node] = [("Customizations", [("Certificate", [("Arn", arn)])])] if arn else []
    return [
        ("DistributionId", inputs["distributionId"]),
        ("Domains", [("member", [("Domain", one["domain"])]) for one in inputs.get("domains") or []]),
        *certificate,
        *([("ConnectionGroupId", group)] if group else []),
        ("Enabled", inputs.get("enabled", True)),
    ]
