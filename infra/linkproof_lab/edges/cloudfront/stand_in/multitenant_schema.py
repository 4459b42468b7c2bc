"""What multi-tenant distributions, connection groups and tenants accept here, with the real provider's defaults."""

from __future__ import annotations

from linkproof.providers.protocol.schema import (
    FLAG,
    NAME,
    NUMBER,
    TEXT,
    TEXT_MAP,
    TEXT_SET,
    choice,
    list_of,
    obj,
    replacing,
    required,
    set_of,
    words,
)

_OFF = FLAG.but(default=False)
_ON = FLAG.but(default=True)
_EMPTY = TEXT.but(default="")
_METHODS = obj({"items": required(TEXT_SET), "cachedMethods": required(TEXT_SET)})
_CUSTOM_ORIGIN = obj(
    {
        "httpPort": required(NUMBER),
        "httpsPort": required(NUMBER),
        "originProtocolPolicy": required(choice("http-only", "https-only", "match-viewer")),
        "originSslProtocols": required(TEXT_SET),
        "originKeepaliveTimeout": NUMBER.but(default=5),
        "originReadTimeout": NUMBER.but(default=30),
    },
    elsewhere=("ipAddressType", "originMtlsConfig"),
)
_ORIGIN = obj(
    {
        "id": required(TEXT),
        "domainName": required(NAME),
        "originPath": _EMPTY,
        "connectionAttempts": NUMBER.but(default=3),
        "connectionTimeout": NUMBER.but(default=10),
        "customHeaders": list_of(obj({"headerName": required(TEXT), "headerValue": required(TEXT)})),
        "customOriginConfigs": list_of(_CUSTOM_ORIGIN),
    },
    elsewhere=words("originAccessControlId originShields responseCompletionTimeout vpcOriginConfigs"),
)
_BEHAVIOR = obj(
    {
        "targetOriginId": required(TEXT),
        "viewerProtocolPolicy": required(choice("allow-all", "https-only", "redirect-to-https")),
        "allowedMethods": required(_METHODS),
        "compress": _OFF,
        "cachePolicyId": required(TEXT),
        "originRequestPolicyId": _EMPTY,
        "responseHeadersPolicyId": _EMPTY,
    },
    elsewhere=words(
        "fieldLevelEncryptionId functionAssociations lambdaFunctionAssociations realtimeLogConfigArn trustedKeyGroups"
    ),
)
_ERROR_RESPONSE = obj(
    {
        "errorCode": required(NUMBER),
        "errorCachingMinTtl": NUMBER.but(default=0),
        "responseCode": _EMPTY,
        "responsePagePath": _EMPTY,
    }
)
_GEO = obj({"restrictionType": required(choice("none", "whitelist", "blacklist")), "items": TEXT_SET})

MULTITENANT = obj(
    {
        "comment": required(TEXT),
        "enabled": required(FLAG),
        "defaultCacheBehavior": required(_BEHAVIOR),
        "tenantConfig": required(obj({}, elsewhere=("parameterDefinitions",))),
        "viewerCertificate": required(
            obj(
                {
                    "acmCertificateArn": _EMPTY,
                    "cloudfrontDefaultCertificate": _OFF,
                    "minimumProtocolVersion": TEXT.but(default="TLSv1"),
                    "sslSupportMethod": choice("sni-only"),
                }
            )
        ),
        "customErrorResponses": list_of(_ERROR_RESPONSE),
        "defaultRootObject": _EMPTY,
        "httpVersion": choice("http1.1", "http2", "http3", "http2and3", default="http2"),
        "origins": list_of(_ORIGIN),
        "restrictions": obj({"geoRestriction": required(_GEO)}),
        "tags": TEXT_MAP,
        "webAclId": _EMPTY,
    },
    elsewhere=words("activeTrustedKeyGroups cacheBehaviors originGroups timeouts"),
)
CONNECTION_GROUP = obj(
    {
        "name": replacing(required(TEXT)),
        "enabled": _ON,
        "ipv6Enabled": _OFF,
        "tags": TEXT_MAP,
        "waitForDeployment": _ON,
    },
    elsewhere=words("anycastIpListId timeouts"),
)
TENANT = obj(
    {
        "name": required(TEXT),
        "distributionId": replacing(required(TEXT)),
        "connectionGroupId": TEXT,
        "customizations": obj(
            {"certificate": obj({"arn": TEXT})},
            elsewhere=words("geoRestriction webAcl"),
        ),
        "domains": set_of(obj({"domain": required(NAME)}, elsewhere=("status",))),
        "enabled": _ON,
        "tags": TEXT_MAP,
        "waitForDeployment": _ON,
    },
    elsewhere=words("managedCertificateRequest parameters timeouts"),
)
