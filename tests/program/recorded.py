"""The program, run without an engine: every registration is kept as it was sent, options included."""

from __future__ import annotations

import asyncio
import json
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
from google.protobuf.struct_pb2 import Struct
from linkproof import program
from pulumi.runtime import mocks, rpc, set_all_config
from pulumi.runtime.settings import SETTINGS, set_root_resource
from pulumi.runtime.stack import run_in_stack

SECRET_MARK = "4dabf18193072939515e22adb298388d"
"""The key of Pulumi's special values on the wire."""
SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"
ORGANIZATION, PROJECT, STACK = "acme", "linkproof", "test"
TYPES = {
    "aws:route53/record:Record": "route53",
    "cloudflare:index/dnsRecord:DnsRecord": "cloudflare",
    "aws:acm/certificate:Certificate": "certificate",
    "aws:acm/certificateValidation:CertificateValidation": "wait",
    "aws:cloudfront/distribution:Distribution": "distribution",
    "aws:cloudfront/originRequestPolicy:OriginRequestPolicy": "policy",
    "aws:cloudfront/cachePolicy:CachePolicy": "cache-policy",
    "cloudflare:index/ruleset:Ruleset": "ruleset",
    "linkproof:cloudfront:Edge": "edge",
    "aws:cloudfront/connectionGroup:ConnectionGroup": "group",
    "aws:cloudfront/multitenantDistribution:MultitenantDistribution": "shared-distribution",
    "aws:cloudfront/distributionTenant:DistributionTenant": "tenant",
    "linkproof:cloudfront:Tenant": "tenant-edge",
    "fastly:index/serviceVcl:ServiceVcl": "fastly-service",
    "fastly:index/tlsSubscription:TlsSubscription": "fastly-subscription",
    "fastly:index/tlsSubscriptionValidation:TlsSubscriptionValidation": "fastly-wait",
    "fastly:index/tlsActivation:TlsActivation": "fastly-activation",
    "linkproof:fastly:Edge": "fastly-edge",
    "keycdn:index:Zone": "keycdn-zone",
    "keycdn:index:ZoneAlias": "keycdn-alias",
    "linkproof:keycdn:Edge": "keycdn-edge",
    "sendgrid:index:LinkBranding": "brand",
    "sendgrid:index:LinkValidation": "validation",
    "sendgrid:index:LinkSubuser": "assignment",
    "sendgrid:index:ApiKey": "api-key",
    "sendgrid:index:EventWebhook": "webhook",
    "sendgrid:index:ClickTracking": "click-tracking",
    "sendgrid:index:DomainAuthentication": "domain",
    "sendgrid:index:DomainValidation": "domain-validation",
    "sendgrid:index:DomainSubuser": "domain-assignment",
    "sendgrid:index:Subuser": "subuser",
    "sendgrid:index:ExistingSubuser": "existing-subuser",
    "sparkpost:index:TrackingDomain": "tracking-domain",
    "sparkpost:index:SendingDomainTracking": "sending-domain",
    "linkproof:index:RecordHistory": "history",
    "linkproof:index:RecordsSettled": "settled",
    "linkproof:index:ServerHost": "server-host",
    "pulumi:providers:aws": "aws-provider",
    "pulumi:providers:cloudflare": "cloudflare-provider",
    "pulumi:providers:fastly": "fastly-provider",
    "pulumi:providers:keycdn": "keycdn-provider",
    "pulumi:providers:sendgrid": "sendgrid-provider",
    "pulumi:providers:sparkpost": "sparkpost-provider",
}

KEPT = ("history", "settled")


@dataclass(frozen=True)
class Registered:
    """One resource as the engine would have got it. `depends_on` and `parent` are names, `provider` an instance's."""

    kind: str
    type: str
    name: str
    inputs: dict[str, Any]
    secrets: frozenset[str]
    provider: str
    parent: str
    depends_on: tuple[str, ...]
    protect: bool
    delete_before_replace: bool
    ignore_changes: tuple[str, ...]
    create_timeout: str
    secret_outputs: tuple[str, ...]


@dataclass
class Recorded:
    """What one run of the program registered and exported."""

    resources: list[Registered] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)

    def get(self, kind: str, name: str) -> Registered:
        found = [r for r in self.resources if (r.kind, r.name) == (kind, name)]
        assert len(found) == 1, f"{len(found)} {kind} {name} among {self.shown}"
        return found[0]

    def of(self, kind: str) -> list[Registered]:
        return [r for r in self.resources if r.kind == kind]

    def record(self, name: str) -> Registered:
        found = [r for r in self.resources if r.kind in ("route53", "cloudflare") and r.name == name]
        assert len(found) == 1, f"{len(found)} records {name} among {self.shown}"
        return found[0]

    @property
    def shown(self) -> list[str]:
        """Every resource of a vendor, as `kind name`, sorted: without the providers, and without the history, which every stack has."""
        return sorted(
            f"{r.kind} {r.name}" for r in self.resources if not r.kind.endswith("-provider") and r.kind not in KEPT
        )


# What policies name: service, what stands before the name, and the input that is the name.
ARNS = {
    "aws:sesv2/configurationSet:ConfigurationSet": ("ses", "configuration-set/", "configurationSetName"),
    "aws:iam/role:Role": ("iam", "role/", "name"),
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": ("firehose", "deliverystream/", "name"),
    "aws:sns/topic:Topic": ("sns", "", "name"),
}


class Cloud(mocks.Mocks):
    """What the vendors would have answered."""

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[Any]]:
        if args.token == "pulumi:pulumi:readStackOutputs":
            return {"outputs": {}}, []  # never deployed
        raise AssertionError(f"the program asks {args.token}: it must need no data source")

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        state = dict(args.inputs)
        if args.typ == "aws:acm/certificate:Certificate":
            host = args.inputs["domainName"]
            state["arn"] = f"arn:aws:acm:us-east-1:123456789012:certificate/{host}"
            # In the order of a set: another name's option may come first.
            state["domainValidationOptions"] = [
                {"domainName": name, "resourceRecordName": f"_proof.{name}.", "resourceRecordType": "CNAME", "resourceRecordValue": f"_{name}.acm-validations.aws."}
                for name in ("aaa.example.test", host)
            ]  # fmt: skip
        elif args.typ == "aws:cloudfront/distribution:Distribution":
            state["domainName"] = f"d{args.name.replace('.', '')}.cloudfront.net"
        elif args.typ == "aws:cloudfront/connectionGroup:ConnectionGroup":
            state["routingEndpoint"] = f"dgroup{args.name.replace('/', '')}.cloudfront.net"
        elif args.typ == "fastly:index/tlsSubscription:TlsSubscription":
            (host,) = args.inputs["domains"]
            state["managedDnsChallenges"] = [
                {
                    "recordName": f"_acme-challenge.{host}",
                    "recordType": "CNAME",
                    "recordValue": "a1b2c3.fastly-validations.com",
                }
            ]
            # In the order of a set: an apex's addresses may come first.
            state["managedHttpChallenges"] = [
                {"recordName": host, "recordType": "A", "recordValues": ["151.101.2.132"]},
                {"recordName": host, "recordType": "CNAME", "recordValues": ["j.sni.global.fastly.net"]},
            ]
        elif args.typ == "gcp:certificatemanager/dnsAuthorization:DnsAuthorization":
            name, data = f"_acme-challenge_0a1b.{args.inputs['domain']}.", "0a1b.3.authorize.certificatemanager.goog."
            state["dnsResourceRecords"] = [{"name": name, "type": "CNAME", "data": data}]
        elif args.typ == "gcp:compute/globalAddress:GlobalAddress":
            state["address"] = "192.0.2.4" if args.inputs["ipVersion"] == "IPV4" else "2001:db8::4"
        elif args.typ == "azure-native:cdn:AFDCustomDomain":
            said = {"validationToken": "0a1b2c3d4e5f", "expirationDate": "2026-12-06T00:00:00Z"}
            state |= {"validationProperties": said, "domainValidationState": "Pending"}
        elif args.typ == "azure-native:cdn:AFDEndpoint":
            state["hostName"] = f"{args.inputs['endpointName'].lower()}-0a1b.z01.azurefd.net"
        elif args.typ == "sendgrid:index:LinkBranding":
            state |= {"ownerHost": f"1234567.{args.inputs['domain']}", "ownerTarget": "sendgrid.net", "records": {}}
            if args.inputs.get("autoSsl"):
                state["records"] = {
                    "acmeChallenge": {"type": "CNAME", "value": "url1.0a1b.dcv.cloudflare.com"},
                    "customHostname": {"type": "TXT", "value": "3f0c1a9e"},
                }
        elif args.typ == "aws:sesv2/emailIdentity:EmailIdentity":
            state["dkimSigningAttributes"] = {**args.inputs["dkimSigningAttributes"], "tokens": ["one", "two", "three"]}
        elif args.typ == "sendgrid:index:DomainAuthentication":
            below, domain = f"{args.inputs['subdomain']}.{args.inputs['domain']}", args.inputs["domain"]
            selector = args.inputs.get("customDkimSelector", "s")
            cnames = {
                "mail_cname": below,
                "dkim1": f"{selector}1._domainkey.{domain}",
                "dkim2": f"{selector}2._domainkey.{domain}",
            }
            state["records"] = {
                role: {"name": name, "type": "CNAME", "value": f"{role}.u1234567.wl.sendgrid.net"}
                for role, name in cnames.items()
            }
            if args.inputs.get("automaticSecurity") is False:
                state["records"] = {
                    "mail_server": {"name": below, "type": "MX", "value": "mx.sendgrid.net."},
                    "subdomain_spf": {"name": below, "type": "TXT", "value": "v=spf1 ip4:192.0.2.7 -all"},
                    "dkim": {"name": f"m1._domainkey.{domain}", "type": "TXT", "value": f"k=rsa; t=s; p={'A' * 300}"},
                }
        elif args.typ in ARNS:
            service, path, key = ARNS[args.typ]
            region = args.inputs.get("region", "") if service != "iam" else ""
            state["arn"] = f"arn:aws:{service}:{region}:123456789012:{path}{args.inputs[key]}"
        return f"id-of-{args.name}", state


class Monitor(mocks.MockMonitor):
    """Keeps the options, which `Mocks` are not told."""

    def __init__(self, cloud: Cloud, recorded: Recorded) -> None:
        super().__init__(cloud)
        self.recorded = recorded

    def RegisterResource(self, request: Any) -> Any:
        if request.type != "pulumi:pulumi:Stack":
            self.recorded.resources.append(
                Registered(
                    kind=TYPES.get(request.type, request.type),
                    type=request.type,
                    name=request.name,
                    inputs=_plain(rpc.deserialize_properties(request.object)),
                    secrets=frozenset(key for key, value in request.object.items() if _is_secret(value)),
                    provider=request.provider.split("::")[-2] if request.provider else "",
                    parent=_name(request.parent),
                    depends_on=tuple(sorted({_name(urn) for urn in request.dependencies})),
                    protect=request.protect,
                    delete_before_replace=request.deleteBeforeReplace,
                    ignore_changes=tuple(request.ignoreChanges),
                    create_timeout=request.customTimeouts.create,
                    secret_outputs=tuple(request.additionalSecretOutputs),
                )
            )
        return super().RegisterResource(request)

    def RegisterResourceOutputs(self, request: Any) -> Any:
        if "pulumi:pulumi:Stack" in request.urn:
            self.recorded.outputs = rpc.deserialize_properties(request.outputs)
        return super().RegisterResourceOutputs(request)


def run(
    declaration: str | Path,
    *,
    accounts: Mapping[str, Any] | None = None,
    secrets: Mapping[str, Any] | None = None,
    work: Path | None = None,
    main: Callable[[], None] = program.main,
    project: str = PROJECT,
    stack: str = STACK,
) -> Recorded:
    """Run the program on a declaration's text (written into `work`) or file, with an event loop of its own."""
    if isinstance(declaration, str):
        assert work is not None
        file = work / "declaration.yaml"
        file.write_text(declaration)
    else:
        file = declaration
    config = {"linkproof:declaration": str(file)}
    if accounts is not None:
        config["linkproof:accounts"] = json.dumps(accounts)
    if secrets is not None:
        config["linkproof:secrets"] = json.dumps(secrets)
    set_all_config(config, ["linkproof:secrets"])
    recorded = Recorded()
    cloud = Cloud()

    async def deploy() -> None:
        mocks.set_mocks(
            cloud,
            project=project,
            stack=stack,
            preview=False,
            monitor=Monitor(cloud, recorded),
            organization=ORGANIZATION,
        )
        set_root_resource(None)  # type: ignore[arg-type]  # `run_in_stack` makes the one that gets the exports
        await run_in_stack(main)

    try:
        with warnings.catch_warnings():
            # The SDK's own: it warns of its deprecated types when it is imported.
            warnings.filterwarnings("ignore", message=r"cloudflare\.index/")
            asyncio.run(deploy())
    finally:
        SETTINGS.rpc_manager.clear()
        SETTINGS.outputs.clear()
        set_all_config({})
        pulumi.runtime.settings.reset_options(project="", stack="")
    return recorded


def _name(urn: str) -> str:
    return "" if not urn or "pulumi:pulumi:Stack::" in urn else urn.rpartition("::")[2]


def _is_secret(value: Any) -> bool:
    # Asked with `in` first: reading an absent key of a protobuf Struct adds it.
    return isinstance(value, Struct) and SECRET_MARK in value and value[SECRET_MARK] == SECRET_SIGNATURE


def _plain(value: Any) -> Any:
    """Without the wrapping of secrets; `Registered.secrets` has their names."""
    if isinstance(value, dict):
        if value.get(SECRET_MARK) == SECRET_SIGNATURE:
            return _plain(value["value"])
        return {key: _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list) else value
