"""The provider's config: region, keys, endpoints. Nothing but loopback is accepted."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from typing import Any

from linkproof.providers.protocol.base import ProviderError
from linkproof.providers.protocol.values import Properties, Unknown, has_unknown

from linkproof_lab.providers.http import Http, is_loopback
from linkproof_lab.vendors.aws.stand_in.client import AwsClient
from linkproof_lab.vendors.aws.stand_in.sigv4 import Credentials

_KEYS = {"accessKey": "AWS_ACCESS_KEY_ID", "secretKey": "AWS_SECRET_ACCESS_KEY"}
SECRET_NAMES = ("accessKey", "secretKey", "token")


def check(config: Properties) -> Iterator[tuple[str, str]]:
    for name, variable in _KEYS.items():
        if not _key(config, name):
            yield name, f"missing: give one, or set {variable}; this stand-in knows no profile and no role"
    if isinstance(config.get("endpoints"), Unknown):
        return
    try:
        endpoints = _endpoints(config)
    except ProviderError as error:
        yield "endpoints", error.problem
        return
    if not endpoints:
        yield (
            "endpoints",
            "missing: this stand-in talks to a lab only; name the lab's address for acm, cloudfront and route53",
        )
    for service, url in endpoints.items():
        if not is_loopback(url):
            yield (
                "endpoints",
                f"{service} is {url}, which is not plain HTTP on loopback: this stand-in talks to a lab only",
            )


def _key(config: Properties, name: str) -> Any:
    """The option, else the environment's: here an empty one counts as none, other than in Cloudflare's provider."""
    return config.get(name) or os.environ.get(_KEYS[name])


def client(config: Properties, cancelled: threading.Event) -> AwsClient:
    region = config.get("region") or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
    tags = _nested(config, "defaultTags") or {}
    return AwsClient(
        credentials=Credentials(str(_key(config, "accessKey")), str(_key(config, "secretKey"))),
        region=str(region),
        endpoints=_endpoints(config),
        default_tags=dict(tags.get("tags") or {}),
        http=Http(cancelled),
        asks_for_account=config.get("skipRequestingAccountId") not in (True, "true"),
    )


def _endpoints(config: Properties) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in _nested(config, "endpoints") or []:
        found |= {service: url for service, url in entry.items() if isinstance(url, str)}
    return found


def _nested(config: Properties, name: str) -> Any:
    """A nested value: the SDKs send it as JSON in a string."""
    value = config.get(name)
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise ProviderError(f"{name} is not JSON") from None
    return None if has_unknown(value) else value
