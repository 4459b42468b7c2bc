"""The floor: what somebody writes by hand for the same resources, without any toolkit."""

import pulumi
import pulumi_aws as aws
import pulumi_cloudflare as cloudflare

config = pulumi.Config()
links = config.require_int("links")
options = config.require_object("accounts")["default"]
secrets = config.require_secret_object("secrets")["default"]
zone_id = "023e105f4ecef8ad9ca31a8372d0c353"

aws_provider = aws.Provider(
    "aws-default",
    region="us-east-1",
    access_key=secrets["awsAccessKey"],
    secret_key=secrets["awsSecretKey"],
    endpoints=options["aws"]["endpoints"],
    skip_credentials_validation=True,
    skip_metadata_api_check=True,
    skip_region_validation=True,
    skip_requesting_account_id=True,
)
cf_provider = cloudflare.Provider(
    "cloudflare-default", api_token=secrets["cloudflareApiToken"], base_url=options["cloudflare"]["baseUrl"]
)
on_aws = pulumi.ResourceOptions(provider=aws_provider)
on_cf = pulumi.ResourceOptions(provider=cf_provider)

policy = aws.cloudfront.OriginRequestPolicy(
    "policy",
    name="by-hand",
    headers_config={"header_behavior": "whitelist", "headers": {"items": ["Host", "User-Agent"]}},
    query_strings_config={"query_string_behavior": "all"},
    cookies_config={"cookie_behavior": "none"},
    opts=on_aws,
)


class Edge(pulumi.ComponentResource):
    def __init__(self, host):
        super().__init__("linkproof:cloudfront:Edge", host)
        mine = pulumi.ResourceOptions(parent=self, provider=aws_provider, protect=True)
        certificate = aws.acm.Certificate(
            host, domain_name=host, validation_method="DNS", key_algorithm="RSA_2048", region="us-east-1", opts=mine
        )
        option = certificate.domain_validation_options[0]
        record = cloudflare.DnsRecord(
            f"{host}/validation",
            zone_id=zone_id,
            name=option.resource_record_name,
            type="CNAME",
            ttl=300,
            content=option.resource_record_value,
            proxied=False,
            opts=pulumi.ResourceOptions(parent=self, provider=cf_provider),
        )
        issued = aws.acm.CertificateValidation(
            host,
            certificate_arn=certificate.arn,
            validation_record_fqdns=[record.name],
            region="us-east-1",
            opts=pulumi.ResourceOptions(parent=self, provider=aws_provider),
        )
        self.distribution = aws.cloudfront.Distribution(
            host,
            enabled=True,
            aliases=[host],
            is_ipv6_enabled=True,
            origins=[
                {
                    "origin_id": "sendgrid.net",
                    "domain_name": "sendgrid.net",
                    "custom_origin_config": {
                        "http_port": 80,
                        "https_port": 443,
                        "origin_protocol_policy": "https-only",
                        "origin_ssl_protocols": ["TLSv1.2"],
                    },
                }
            ],
            default_cache_behavior={
                "target_origin_id": "sendgrid.net",
                "viewer_protocol_policy": "allow-all",
                "allowed_methods": ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"],
                "cached_methods": ["GET", "HEAD"],
                "cache_policy_id": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
                "origin_request_policy_id": policy.id,
            },
            restrictions={"geo_restriction": {"restriction_type": "none"}},
            viewer_certificate={
                "acm_certificate_arn": issued.certificate_arn,
                "ssl_support_method": "sni-only",
                "minimum_protocol_version": "TLSv1.2_2021",
            },
            opts=mine,
        )
        self.register_outputs({})


for n in range(links):
    host = f"url{n}.example.com"
    target = Edge(host).distribution.domain_name if n % 10 == 0 else "sendgrid.net"
    cloudflare.DnsRecord(
        f"{host}/CNAME",
        zone_id=zone_id,
        name=host,
        type="CNAME",
        ttl=300,
        content=target,
        proxied=False,
        opts=pulumi.ResourceOptions(provider=cf_provider, protect=True),
    )
cloudflare.DnsRecord(
    "owner",
    zone_id=zone_id,
    name="1234567.example.com",
    type="CNAME",
    ttl=300,
    content="sendgrid.net",
    proxied=False,
    opts=on_cf,
)
