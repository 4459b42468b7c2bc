"""What a CloudFront distribution accepts here, with the real provider's defaults."""

from __future__ import annotations

from linkproof.providers.protocol.schema import (
    FLAG,
    NAME,
    NAME_SET,
    NUMBER,
    TEXT,
    TEXT_MAP,
    TEXT_SET,
    choice,
    list_of,
    obj,
    required,
    set_of,
    words,
)

_OFF = FLAG.but(default=False)
_EMPTY = TEXT.but(default="")
_NOT_HERE = words(
    "fieldLevelEncryptionId forwardedValues functionAssociations grpcConfig lambdaFunctionAssociations defaultTtl maxTtl minTtl "
    "realtimeLogConfigArn smoothStreaming trustedKeyGroups trustedSigners"
)
_BEHAVIOR = {
    "targetOriginId": required(TEXT),
    "viewerProtocolPolicy": required(choice("allow-all", "https-only", "redirect-to-https")),
    "allowedMethods": required(TEXT_SET),
    "cachedMethods": required(TEXT_SET),
    "compress": _OFF,
    "cachePolicyId": TEXT,
    "originRequestPolicyId": _EMPTY,
    "responseHeadersPolicyId": _EMPTY,
}
_CUSTOM_ORIGIN = {
    "httpPort": required(NUMBER),
    "httpsPort": required(NUMBER),
    "originProtocolPolicy": required(choice("http-only", "https-only", "match-viewer")),
    "originSslProtocols": required(TEXT_SET),
    "originKeepaliveTimeout": NUMBER.but(default=5),
    "originReadTimeout": NUMBER.but(default=30),
}
_ORIGIN = {
    "originId": required(TEXT),
    "domainName": required(NAME),
    "originPath": _EMPTY,
    "connectionAttempts": NUMBER.but(default=3),
    "connectionTimeout": NUMBER.but(default=10),
    "customHeaders": set_of(obj({"name": required(TEXT), "value": required(TEXT)})),
    "customOriginConfig": obj(_CUSTOM_ORIGIN, elsewhere=("ipAddressType", "originMtlsConfig")),
}
_ERROR_RESPONSE = obj(
    {
        "errorCode": required(NUMBER),
        "errorCachingMinTtl": NUMBER.but(default=0),
        "responseCode": NUMBER.but(default=0),
        "responsePagePath": _EMPTY,
    }
)

DISTRIBUTION = obj(
    {
        "enabled": required(FLAG),
        "aliases": NAME_SET,
        "comment": _EMPTY,
        "defaultRootObject": _EMPTY,
        "origins": required(
            set_of(
                obj(
                    _ORIGIN,
                    elsewhere=(
                        "originAccessControlId",
                        "originShield",
                        "responseCompletionTimeout",
                        "s3OriginConfig",
                        "vpcOriginConfig",
                    ),
                )
            )
        ),
        "customErrorResponses": set_of(_ERROR_RESPONSE),
        "defaultCacheBehavior": required(obj(_BEHAVIOR, elsewhere=_NOT_HERE)),
        "orderedCacheBehaviors": list_of(obj({"pathPattern": required(TEXT), **_BEHAVIOR}, elsewhere=_NOT_HERE)),
        "restrictions": required(
            obj(
                {
                    "geoRestriction": required(
                        obj(
                            {
                                "restrictionType": required(choice("none", "whitelist", "blacklist")),
                                "locations": TEXT_SET,
                            }
                        )
                    )
                }
            )
        ),
        "viewerCertificate": required(
            obj(
                {
                    "acmCertificateArn": _EMPTY,
                    "cloudfrontDefaultCertificate": _OFF,
                    "minimumProtocolVersion": TEXT.but(default="TLSv1"),
                    "sslSupportMethod": choice("sni-only", "vip", "static-ip"),
                },
                elsewhere=("iamCertificateId",),
            )
        ),
        "httpVersion": choice("http1.1", "http2", "http3", "http2and3", default="http2"),
        "isIpv6Enabled": _OFF,
        "priceClass": choice("PriceClass_100", "PriceClass_200", "PriceClass_All", default="PriceClass_All"),
        "webAclId": _EMPTY,
        "tags": TEXT_MAP,
        "retainOnDelete": _OFF,
        "waitForDeployment": FLAG.but(default=True),
    },
    elsewhere=words(
        "anycastIpListId cacheTagConfig connectionFunctionAssociation continuousDeploymentPolicyId loggingConfig "
        "originGroups staging viewerMtlsConfig"
    ),
)
