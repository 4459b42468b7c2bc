"""The provider's config: the account's key, where its API is, and where DNS begins."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

from linkproof.providers.protocol.api_config import api_problems, authorities, dns_problems
from linkproof.providers.protocol.base import Package, by_token
from linkproof.providers.protocol.values import Properties, Unknown
from linkproof.providers.sparkpost.sending_domain import SendingDomainTracking
from linkproof.providers.sparkpost.session import Session
from linkproof.providers.sparkpost.tracking_domain import TrackingDomain
from linkproof.senders.sparkpost.api import BASE_URLS, SparkPostApi
from linkproof.senders.sparkpost.client import KEY_VARIABLE

SECRET_NAMES = ("apiKey",)


def check(config: Properties) -> Iterator[tuple[str, str]]:
    region = config.get("region", "us")
    if not isinstance(region, Unknown) and region not in BASE_URLS:
        yield "region", f"must be one of {', '.join(BASE_URLS)}; an enterprise account has a baseUrl"
    yield from api_problems(config, KEY_VARIABLE)
    yield from dns_problems(config)


def configure(config: Properties, cancelled: threading.Event) -> Package:
    key = str(config.get("apiKey") or os.environ.get(KEY_VARIABLE))
    api = SparkPostApi(str(config.get("baseUrl") or BASE_URLS[str(config.get("region", "us"))]), key)
    session = Session(api, cancelled, authorities(config))
    return Package(types=by_token(TrackingDomain(session), SendingDomainTracking(session)), invokes={})
