"""How many requests came for a host of a Cloudflare zone, as its API says and as our own reader takes it."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from linkproof.contract.requests import Counted
from linkproof.edges.cloudflare.requests import counted
from linkproof.errors import LinkproofError
from linkproof_lab.vendors.cloudflare.control_plane import tokens
from linkproof_lab.vendors.cloudflare.control_plane.analytics import SAMPLE, SETTINGS_KIND, HostLog, request_log

from tests.engine_state.deployed import COM, clients_of, resource, state
from tests.lab.apis.conftest import CF_ZONE, Lab

TOKEN = "a-token-that-may-read-analytics-0123456789-abcd"
HOUR = datetime.fromtimestamp((time.time() - 7200) // 3600 * 3600, UTC)
DAY = timedelta(days=1)


def client_of(lab: Lab, scopes: tuple[str, ...] = (tokens.ANALYTICS_READ,)) -> Any:
    lab.store.put(tokens.KIND, tokens.key_of(TOKEN), {"scopes": list(scopes), "zones": [CF_ZONE]})
    options = {"baseUrl": f"{lab.settings.api_url('vendors/cloudflare')}/client/v4"}
    return clients_of({"default": {"cloudflare": options}}, {"default": {"cloudflareApiToken": TOKEN}}).client


def come(lab: Lab, host: str, *moments: datetime) -> None:
    with request_log(lab.settings).open("a") as file:
        for at in moments:
            file.write(json.dumps({"time": at.timestamp(), "host": host}) + "\n")


def proxied(*hosts: str) -> Any:
    members = " ".join(f'"{host}"' for host in hosts)
    rule = {"ref": "linkproof_config_cf_1", "expression": f"http.host in {{{members}}}"}
    return resource(
        "cloudflare:index/ruleset:Ruleset", "example.com/http_config_settings", provider="cloudflare-default",
        inputs={"zoneId": CF_ZONE, "rules": [rule]},
    )  # fmt: skip


def test_each_hour_in_which_somebody_came_for_the_host_is_a_part(lab: Lab) -> None:
    come(lab, COM, HOUR, HOUR + timedelta(seconds=3599), HOUR - timedelta(hours=3), HOUR - 3 * DAY)
    come(lab, "url9.example.com", HOUR)
    found = counted(COM, state(proxied(COM)), HOUR - DAY, HOUR + timedelta(hours=1), client_of(lab))
    assert found == [Counted(HOUR, 3600, 2), Counted(HOUR - timedelta(hours=3), 3600, 1)]
    HostLog(lab.settings).record("url8.example.com")
    now = datetime.now(UTC)
    (just_now,) = (
        counted("url8.example.com", state(proxied("url8.example.com")), now - DAY, now + DAY, client_of(lab)) or ()
    )
    assert just_now.requests == 1
    assert counted("url7.example.com", state(proxied(COM)), HOUR - DAY, HOUR, client_of(lab)) is None
    assert counted("url7.example.com", state(proxied("url7.example.com")), HOUR - DAY, HOUR, client_of(lab)) == []


def test_what_is_a_sample_is_no_count(lab: Lab) -> None:
    come(lab, "url6.example.com", HOUR)
    lab.store.put(SETTINGS_KIND, SAMPLE, {"interval": 10})
    try:
        with pytest.raises(LinkproofError, match="a sample"):
            counted("url6.example.com", state(proxied("url6.example.com")), HOUR - DAY, HOUR + DAY, client_of(lab))
    finally:
        lab.store.delete(SETTINGS_KIND, SAMPLE)


def test_a_token_that_may_not_read_them_is_told(lab: Lab) -> None:
    with pytest.raises(LinkproofError, match="does not have access") as raised:
        counted(COM, state(proxied(COM)), HOUR - DAY, HOUR, client_of(lab, ("Zone:Read",)))
    assert "Analytics Read" in raised.value.fix
