"""The provider's own process, asked as the engine asks it, beside a real primary and the lab's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import linkproof
import pytest
from google.protobuf import empty_pb2
from linkproof.dns.rfc2136.record_set import RecordSet
from linkproof.json_api import WaitingHere
from linkproof_lab.settings import LabSettings

from tests.dns.rfc2136.servers import ZONE, Running, running
from tests.lab.providers.harness import Plugin, RefusedError

EXECUTABLE = Path(linkproof.__path__[0]) / "providers" / "rfc2136" / "pulumi-resource-rfc2136"
TOKEN = "rfc2136:index:RecordSet"
HOST = f"url1.{ZONE}"


@dataclass
class Both:
    server: Running
    plugin: Plugin

    def held(self, name: str = HOST, kind: str = "CNAME") -> RecordSet | None:
        return self.server.client().held(ZONE, name, kind, WaitingHere(20))


@pytest.fixture(scope="module", params=["knot", "bind", "lab"])
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    folder = tmp_path_factory.mktemp(request.param)
    with running(request.param, folder) as server:
        config = {
            "server": server.address,
            "port": str(server.port),
            "keyName": server.key_name,
            "secret": server.secret,
        }
        plugin = Plugin(LabSettings(folder), "rfc2136", config, executable=EXECUTABLE)
        yield Both(server, plugin)
        plugin.call("Cancel", empty_pb2.Empty())
        plugin.stop()


def click(**other: Any) -> dict[str, Any]:
    return {"zone": ZONE, "name": HOST, "type": "CNAME", "ttl": 300, "values": ["sendgrid.net"], **other}


def test_a_record_lives_from_create_to_delete(both: Both) -> None:
    made = both.plugin.resource(TOKEN).create(click())
    assert made.id == f"{ZONE}/{HOST}/CNAME"
    assert both.held() == RecordSet("CNAME", 300, ("sendgrid.net.",))
    assert made.changed(click(name=f"{HOST.upper()}.", values=["SendGrid.net."])) == (set(), set())
    assert made.refresh()[0] == click()
    assert made.changed(click(values=["d111.cloudfront.net"], ttl=60)) == ({"values", "ttl"}, set())
    made.update(click(values=["d111.cloudfront.net"], ttl=60))
    assert both.held() == RecordSet("CNAME", 60, ("d111.cloudfront.net.",))
    made.update(click(values=["d111.cloudfront.net"], ttl=60))
    imported = both.plugin.resource(TOKEN).imported(f"{ZONE}/{HOST}/CNAME")
    assert imported[1] == click(values=["d111.cloudfront.net."], ttl=60)
    made.delete()
    assert both.held() is None
    assert made.refresh() is None
    made.delete()


def test_what_exists_is_refused_with_the_line_that_imports_it_unless_it_is_shared(both: Both) -> None:
    kept = click(name=f"kept.{ZONE}", values=["old.edge.example"])
    with pytest.raises(RefusedError, match="exists already") as refused:
        both.plugin.resource(TOKEN).create(kept)
    assert f"pulumi import {TOKEN} kept.{ZONE} {ZONE}/kept.{ZONE}/CNAME" in str(refused.value)
    with pytest.raises(RefusedError, match=r"has CNAME old\.edge\.example at .* already"):
        both.plugin.resource(TOKEN).create({**kept, "values": ["other.example"], "shared": True})
    made = both.plugin.resource(TOKEN).create({**kept, "shared": True})
    assert made.refresh()[0] == {**kept, "shared": True}


def test_what_somebody_changed_is_not_overwritten_until_it_was_seen(both: Both) -> None:
    name = f"drifted.{ZONE}"
    made = both.plugin.resource(TOKEN).create(click(name=name))
    theirs = RecordSet("CNAME", 300, ("theirs.example.",))
    both.server.client().replace(ZONE, name, RecordSet("CNAME", 300, ("sendgrid.net.",)), theirs, WaitingHere(20))
    with pytest.raises(RefusedError, match="somebody changed it"):
        made.update(click(name=name, values=["d111.cloudfront.net"]))
    with pytest.raises(RefusedError, match="somebody changed it"):
        made.delete()
    assert both.held(name) == theirs
    inputs, outputs = made.refresh()
    assert inputs["values"] == ["theirs.example."]
    made.inputs, made.outputs = inputs, outputs
    made.update(click(name=name))
    assert both.held(name) == RecordSet("CNAME", 300, ("sendgrid.net.",))


def test_an_interrupted_change_that_was_done_goes_on(both: Both) -> None:
    name = f"done.{ZONE}"
    made = both.plugin.resource(TOKEN).create(click(name=name))
    first, second = (RecordSet("CNAME", 300, (f"{one}.",)) for one in ("sendgrid.net", "d111.cloudfront.net"))
    both.server.client().replace(ZONE, name, first, second, WaitingHere(20))
    made.update(click(name=name, values=["d111.cloudfront.net"]))
    assert both.held(name) == second


def test_what_is_gone_is_made_again(both: Both) -> None:
    name = f"gone.{ZONE}"
    made = both.plugin.resource(TOKEN).create(click(name=name))
    both.server.client().delete(ZONE, name, RecordSet("CNAME", 300, ("sendgrid.net.",)), WaitingHere(20))
    made.update(click(name=name, ttl=60))
    assert both.held(name) == RecordSet("CNAME", 60, ("sendgrid.net.",))


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"name": "url1.example.org"}, "name"),
        ({"ttl": -1}, "ttl"),
        ({"ttl": 1.5}, "ttl"),
        ({"values": []}, "values"),
        ({"type": "A", "values": ["not an address"]}, "values"),
    ],
)
def test_what_no_server_would_take_is_said_before_anything_is_asked(
    both: Both, wrong: dict[str, Any], path: str
) -> None:
    assert path in both.plugin.resource(TOKEN).failures(click(**wrong))


def test_a_text_of_several_strings_is_one_value(both: Both) -> None:
    name, text = f"text.{ZONE}", "v=spf1 " + "x" * 300
    made = both.plugin.resource(TOKEN).create(click(name=name, type="TXT", values=[text]))
    assert both.held(name, "TXT").values == (f'"{text[:255]}" "{text[255:]}"',)
    assert made.changed(click(name=name, type="TXT", values=[f'"{text[:255]}" "{text[255:]}"'])) == (set(), set())
    assert made.refresh()[0]["values"] == [text]
