"""The provider's config: the account's key, and where its API is."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

from linkproof.edges.keycdn.api import BASE_URL, KeyCdnApi
from linkproof.edges.keycdn.client import KEY_VARIABLE
from linkproof.providers.keycdn.zone import Zone
from linkproof.providers.keycdn.zone_alias import ZoneAlias
from linkproof.providers.protocol.api_config import api_problems
from linkproof.providers.protocol.base import Package, by_token
from linkproof.providers.protocol.session import ApiSession
from linkproof.providers.protocol.values import Properties

SECRET_NAMES = ("apiKey",)


def check(config: Properties) -> Iterator[tuple[str, str]]:
    yield from api_problems(config, KEY_VARIABLE)


def configure(config: Properties, cancelled: threading.Event) -> Package:
    key = str(config.get("apiKey") or os.environ.get(KEY_VARIABLE))
    session = ApiSession(KeyCdnApi(str(config.get("baseUrl") or BASE_URL), key), cancelled)
    return Package(types=by_token(Zone(session), ZoneAlias(session)), invokes={})
