"""What people have made at the vendors before linkproof came, each by habits of their own."""

from __future__ import annotations

import time
from typing import Any

import boto3
import httpx
from linkproof_lab.vendors.cloudflare.facts import CLOUDFLARE_TOKEN

from tests.engine.sandbox import Sandbox

CF_ZONE, R53_ZONE = "023e105f4ecef8ad9ca31a8372d0c353", "Z0EXAMPLE0NET"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
HEADERS = ("User-Agent", "Host")
METHODS = ("HEAD", "GET", "OPTIONS", "PUT", "PATCH", "POST", "DELETE")


class Elsewhere:
    """The vendors of one sandbox's lab, asked as a person with a console would."""

    def __init__(self, box: Sandbox, access_key: str = "AKIDLABDEFAULT") -> None:
        self.box = box
        self.access_key = access_key
        self._policy: str | None = None

    def aws(self, service: str) -> Any:
        return boto3.client(
            service,
            region_name="us-east-1",
            endpoint_url=self.box.lab.api_url("vendors/aws"),
            aws_access_key_id=self.access_key,
            aws_secret_access_key="lab-aws-secret",
        )

    def cloudflare(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        url = f"{self.box.lab.api_url('vendors/cloudflare')}/client/v4/zones/{CF_ZONE}{path}"
        answer = httpx.request(method, url, json=body, headers={"Authorization": f"Bearer {CLOUDFLARE_TOKEN}"})
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    # records -----------------------------------------------------------------------------------
    def route53_record(self, name: str, value: str, ttl: int = 300, zone: str = R53_ZONE) -> None:
        record = {"Name": name, "Type": "CNAME", "TTL": ttl, "ResourceRecords": [{"Value": value}]}
        self.aws("route53").change_resource_record_sets(
            HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
        )

    def cloudflare_record(self, name: str, value: str, **more: Any) -> Any:
        body = {"name": name, "type": "CNAME", "content": value, "ttl": 300, "proxied": False, **more}
        return self.cloudflare("POST", "/dns_records", body)

    def record(self, name: str, value: str, ttl: int = 300) -> None:
        """In whichever zone holds the name."""
        if name.rstrip(".").endswith("example.net"):
            self.route53_record(name, value, ttl)
        else:
            self.cloudflare_record(name, value, ttl=ttl)

    # CloudFront --------------------------------------------------------------------------------
    def certificate(self, host: str, **more: Any) -> str:
        """Requested, proved and issued."""
        acm = self.aws("acm")
        arn: str = acm.request_certificate(DomainName=host, ValidationMethod="DNS", **more)["CertificateArn"]
        until = time.monotonic() + 60
        options = []
        while not options or any("ResourceRecord" not in one for one in options):
            assert time.monotonic() < until
            options = acm.describe_certificate(CertificateArn=arn)["Certificate"].get("DomainValidationOptions", [])
        for one in options:
            proof = one["ResourceRecord"]
            self.record(proof["Name"].rstrip("."), proof["Value"])
        return arn

    def issued(self, *arns: str) -> None:
        """Wait for all of them."""
        acm = self.aws("acm")
        until = time.monotonic() + 90
        for arn in arns:
            while acm.describe_certificate(CertificateArn=arn)["Certificate"]["Status"] != "ISSUED":
                assert time.monotonic() < until, f"{arn} was not issued"
                time.sleep(0.2)

    @property
    def policy(self) -> str:
        """Of the account: one that somebody wrote by SendGrid's guide."""
        if self._policy is None:
            wanted = {
                "Name": "click-tracking",
                "Comment": "made by hand",
                "HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": items(*HEADERS)},
                "CookiesConfig": {"CookieBehavior": "none"},
                "QueryStringsConfig": {"QueryStringBehavior": "all"},
            }
            made = self.aws("cloudfront").create_origin_request_policy(OriginRequestPolicyConfig=wanted)
            self._policy = str(made["OriginRequestPolicy"]["Id"])
        return self._policy

    def distribution(
        self, host: str, certificate: str, *, extra_origin: bool = False, **changes: Any
    ) -> dict[str, Any]:
        """As somebody's script would make it: an id of its own for the origin, a comment, tags.

        Args:
            changes: of the default cache behavior, or of the config.
        """
        custom = {
            "HTTPPort": 80,
            "HTTPSPort": 443,
            "OriginProtocolPolicy": "https-only",
            "OriginSslProtocols": items("TLSv1.2"),
        }
        origins = [{"Id": f"sg-{host}", "DomainName": "sendgrid.net", "CustomOriginConfig": custom}]
        if extra_origin:
            origins.append({"Id": "old", "DomainName": "old.example.com", "CustomOriginConfig": custom})
        behavior = {
            "TargetOriginId": f"sg-{host}",
            "ViewerProtocolPolicy": "allow-all",
            "AllowedMethods": items(*METHODS) | {"CachedMethods": items("HEAD", "GET")},
            "CachePolicyId": CACHING_DISABLED,
            "OriginRequestPolicyId": self.policy,
        }
        behavior |= {key: changes.pop(key) for key in list(changes) if key in ("CachePolicyId", "Compress")}
        wanted = {
            "CallerReference": host,
            "Aliases": items(host),
            "Origins": items(*origins),
            "DefaultCacheBehavior": behavior,
            "CustomErrorResponses": items(
                *(
                    {"ErrorCode": code, "ErrorCachingMinTTL": 0}
                    for code in (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)
                )
            ),
            "Comment": "clicks of the newsletter, ask Jo",
            "PriceClass": "PriceClass_100",
            "HttpVersion": "http2and3",
            "IsIPV6Enabled": True,
            "Enabled": True,
            "ViewerCertificate": {
                "ACMCertificateArn": certificate,
                "SSLSupportMethod": "sni-only",
                "MinimumProtocolVersion": "TLSv1.2_2021",
            },
            **changes,
        }
        tags = {"Items": [{"Key": "team", "Value": "growth"}]}
        made = self.aws("cloudfront").create_distribution_with_tags(
            DistributionConfigWithTags={"DistributionConfig": wanted, "Tags": tags}
        )
        found: dict[str, Any] = made["Distribution"]
        return found

    def links_at_cloudfront(
        self,
        *hosts: str,
        ttl: int = 300,
        odd: dict[str, dict[str, Any]] | None = None,
        certificates: dict[str, dict[str, Any]] | None = None,
    ) -> None:
        """Certificate, distribution and click record of each.

        Args:
            odd: more for `distribution`, by host.
            certificates: more for `certificate`, by host.
        """
        tags = [{"Key": "team", "Value": "growth"}]
        arns = {host: self.certificate(host, Tags=tags, **(certificates or {}).get(host, {})) for host in hosts}
        self.issued(*arns.values())
        for host, arn in arns.items():
            made = self.distribution(host, arn, **(odd or {}).get(host, {}))
            self.record(host, f"{made['DomainName']}.", ttl)

    def deployed(self) -> None:
        """Wait until all distributions are."""
        cloudfront = self.aws("cloudfront")
        until = time.monotonic() + 60
        while True:
            pages = cloudfront.get_paginator("list_distributions").paginate()
            found = [one for page in pages for one in page["DistributionList"].get("Items", [])]
            if all(one["Status"] == "Deployed" for one in found):
                return
            assert time.monotonic() < until
            time.sleep(0.2)


def items(*values: Any) -> dict[str, Any]:
    return {"Quantity": len(values), "Items": list(values)} if values else {"Quantity": 0}
