"""Zones and zone aliases as the engine makes, reads, changes and deletes them."""

from __future__ import annotations

from typing import Any

import pytest
from linkproof.edges.keycdn.facts import SETTINGS
from linkproof_lab import ca
from linkproof_lab.edges.keycdn.control_plane.zones import ALIAS, ZONE

from tests.lab.apis.conftest import Lab
from tests.lab.providers.harness import Plugin, RefusedError

ZONES, ALIASES = "keycdn:index:Zone", "keycdn:index:ZoneAlias"
HOST, NAME = "url1.example.net", "lp0123456789abcdef01"


def inputs(lab: Lab, **more: Any) -> dict[str, Any]:
    issued = ca.issue(lab.settings, [HOST], key="ec256")
    return {
        "name": NAME,
        "originUrl": "https://sendgrid.net",
        "suffix": "1ab0",
        "settings": dict(SETTINGS),
        "certificate": issued.cert_pem + issued.chain_pem,
        "certificateKey": issued.key_pem,
        **more,
    }


def test_a_zone_is_made_read_changed_and_deleted(lab: Lab, plugin: Plugin) -> None:
    wanted = inputs(lab)
    made = plugin.resource(ZONES).create(wanted)
    held = lab.store.get(ZONE, made.id)
    assert held is not None
    assert {name: held[name] for name in SETTINGS} == dict(SETTINGS)
    assert made.changed(wanted) == (set(), set())
    renewed = inputs(lab)
    assert made.changed(renewed)[0] == {"certificate", "certificateKey"}
    made.update(renewed)
    held = lab.store.get(ZONE, made.id)
    assert held is not None
    assert held["customsslkey"] == renewed["certificateKey"]
    made.delete()
    assert lab.store.all(ZONE) == []
    made.delete()


def test_what_was_changed_in_the_console_is_seen(lab: Lab, plugin: Plugin) -> None:
    made = plugin.resource(ZONES).create(inputs(lab))
    held = lab.store.get(ZONE, made.id)
    assert held is not None
    lab.store.put(ZONE, made.id, {**held, "cacheignorequerystring": "enabled"})
    refreshed = made.refresh()
    assert refreshed is not None
    assert refreshed[0]["settings"]["cacheignorequerystring"] == "enabled"
    assert "certificateKey" in refreshed[0], "nobody can read it, so it stays as it was"


def test_a_zone_that_exists_is_refused_with_the_line_that_imports_it(lab: Lab, plugin: Plugin) -> None:
    made = plugin.resource(ZONES).create(inputs(lab))
    with pytest.raises(RefusedError, match=f"zone {NAME} exists already, as {made.id}") as refused:
        plugin.resource(ZONES).create(inputs(lab))
    assert f"pulumi import {ZONES} {NAME} {made.id}" in str(refused.value)


def test_a_refusal_says_the_vendor_s_words_and_not_the_key(lab: Lab, plugin: Plugin) -> None:
    other = ca.issue(lab.settings, [HOST], key="ec256").key_pem
    with pytest.raises(RefusedError, match=r"HTTP 400, SSL certificate and private key are not valid") as refused:
        plugin.resource(ZONES).create(inputs(lab, certificateKey=other))
    assert other.splitlines()[1] not in str(refused.value)
    with pytest.raises(RefusedError, match="at most 20 characters"):
        plugin.resource(ZONES).create(inputs(lab, name="linkproof-dev"))


def test_an_alias_is_of_one_zone_and_another_zone_is_another_alias(lab: Lab, plugin: Plugin) -> None:
    zone = plugin.resource(ZONES).create(inputs(lab))
    wanted = {"zoneId": zone.id, "name": HOST}
    made = plugin.resource(ALIASES).create(wanted)
    assert made.changed({**wanted, "zoneId": "1"}) == ({"zoneId"}, {"zoneId"})
    with pytest.raises(RefusedError, match=f"zone alias {HOST} exists already, as {made.id}"):
        plugin.resource(ALIASES).create(wanted)
    made.delete()
    assert lab.store.all(ALIAS) == []
    made.delete()


def test_a_name_of_a_zone_stays(lab: Lab, plugin: Plugin) -> None:
    wanted = inputs(lab)
    made = plugin.resource(ZONES).create(wanted)
    with pytest.raises(AssertionError, match="hosts lead to the zone by its name"):
        made.changed({**wanted, "name": "other"})
