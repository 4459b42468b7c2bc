"""The provider's config: the account's key, where its API is, and where DNS begins."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

from linkproof.providers.protocol.api_config import api_problems, authorities, dns_problems
from linkproof.providers.protocol.base import Package, by_token
from linkproof.providers.protocol.values import Properties, Unknown
from linkproof.providers.sendgrid.api_key import ApiKey
from linkproof.providers.sendgrid.click_tracking import ClickTracking
from linkproof.providers.sendgrid.domain_authentication import DomainAuthentication
from linkproof.providers.sendgrid.domain_subuser import DomainSubuser
from linkproof.providers.sendgrid.event_webhook import EventWebhook
from linkproof.providers.sendgrid.link_branding import LinkBranding
from linkproof.providers.sendgrid.link_subuser import LinkSubuser
from linkproof.providers.sendgrid.session import Session
from linkproof.providers.sendgrid.subuser import ExistingSubuser, Subuser, get_subuser
from linkproof.providers.sendgrid.validation import DomainValidation, LinkValidation
from linkproof.senders.sendgrid.api import BASE_URLS, SendGridApi

SECRET_NAMES = ("apiKey",)
KEY_VARIABLE = "SENDGRID_API_KEY"


def check(config: Properties) -> Iterator[tuple[str, str]]:
    region = config.get("region", "us")
    if not isinstance(region, Unknown) and region not in BASE_URLS:
        yield "region", f"must be one of {', '.join(BASE_URLS)}"
    yield from api_problems(config, KEY_VARIABLE)
    yield from dns_problems(config)


def configure(config: Properties, cancelled: threading.Event) -> Package:
    key = str(config.get("apiKey") or os.environ.get(KEY_VARIABLE))
    api = SendGridApi(str(config.get("baseUrl") or BASE_URLS[str(config.get("region", "us"))]), key)
    session = Session(api, cancelled, authorities(config))
    types = (
        LinkBranding(session),
        LinkValidation(session),
        LinkSubuser(session),
        ApiKey(session),
        EventWebhook(session),
        ClickTracking(session),
        DomainAuthentication(session),
        DomainValidation(session),
        DomainSubuser(session),
        Subuser(session),
        ExistingSubuser(session),
    )
    return Package(types=by_token(*types), invokes={"sendgrid:index:getSubuser": get_subuser(session)})
