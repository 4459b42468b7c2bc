"""KARTE's SendGrid plugin on the real engine: from one block to a signed-off page, a click at its hook, and another key; nowhere its URL."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from linkproof_lab.apis.request_log import requests
from linkproof_lab.senders.sendgrid.control_plane.events import KIND as EVENT
from linkproof_lab.senders.sendgrid.facts import SENDGRID_KEY
from linkproof_lab.senders.sendgrid.links import make_link
from linkproof_lab.store import Store

from tests.engine.sandbox import LINKPROOF, Sandbox, linked, sandbox
from tests.lab.sendgrid.hook import Hook, listening

KARTE_KEY = "0planted9karte8key"
PASSWORD = "planted-pass-word-1"
SUBUSERS = {"karte-mail": {"email": "a@example.net"}}
HOST = "url1.example.net"
FORM = {
    "from_address": "info@mail.example.net",
    "from_name": "例社",
    "reply_to": "help@example.net",
    "subdomain": "em1",
}


@pytest.fixture(scope="module")
def karte() -> Iterator[Hook]:
    """KARTE's hook."""
    with listening() as made:
        yield made


@pytest.fixture(scope="module")
def box(engine_present: None, karte: Hook, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("karte")) as made:
        lab = made.lab
        sendgrid = {
            "baseUrl": lab.api_url("senders/sendgrid"),
            "rootHints": str(lab.hints_file),
            "dnsPort": lab.dns_port,
            "karteBaseUrl": karte.url,
        }
        secrets = {
            "sendgridApiKey": SENDGRID_KEY,
            "karteApiKey": KARTE_KEY,
            "sendgridSubuserPasswords.karte-mail": PASSWORD,
        }
        made.stack("dev", declared("1"), options={"sendgrid": sendgrid}, secrets=secrets)
        yield made


def declared(*keys: str) -> dict[str, Any]:
    """The subuser, a link of its own, and the block."""
    manage = {"subusers": SUBUSERS, "subuser": "karte-mail", "karte": {**FORM, "keys": list(keys)}}
    link = {"sender": "mail", "click_host": HOST, "phase": "branded", "edge": "aws"}
    return linked({"one": link}, senders={"mail": {"provider": "sendgrid", "manage": manage}})


def ask(box: Sandbox, method: str, path: str, body: Any = None, *, user: str = "", key: str = SENDGRID_KEY) -> Any:
    headers = {"Authorization": f"Bearer {key}", **({"on-behalf-of": user} if user else {})}
    answer = httpx.request(
        method,
        f"{box.lab.api_url('senders/sendgrid')}/v3/{path}",
        json=body,
        headers=headers,
        trust_env=False,
    )
    return answer.json() if answer.content else None


def shown_key(box: Sandbox) -> str:
    """What a person sees at the terminal: API key, of the sheet."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*LINKPROOF, "karte", "plugin-sheet", "dev", "--show-key"],
        cwd=box.root,
        env=box.base,
        stdin=theirs,
        stdout=theirs,
    ) as process:
        os.close(theirs)
        text = b""
        try:
            while part := os.read(ours, 4096):
                text += part
        except OSError:
            pass  # the other end is closed: it has ended
    os.close(ours)
    assert process.returncode == 0
    (line,) = [one for one in text.decode().splitlines() if "API key (" in one]
    return line.rpartition(": ")[2].strip()


def test_one_deployment_makes_subuser_domain_share_key_and_hook(box: Sandbox, karte: Hook) -> None:
    previewed = box.pulumi("preview", "--stack", "dev", "--diff")
    events = box.events("up", "--stack", "dev")
    box.linkproof("expectations", "dev")
    (domain,) = ask(box, "GET", "whitelabel/domains")
    assert (domain["valid"], domain["username"] != "karte-mail") == (True, True)
    assert domain["subusers"] == [{"username": "karte-mail"}]
    (hook,) = ask(box, "GET", "user/webhooks/event/settings/all", user="karte-mail")["webhooks"]
    assert hook["url"] == f"{karte.url}/hook/{KARTE_KEY}/sendgrid/event"
    events_on = {name for name, value in hook.items() if value is True} - {"enabled"}
    assert len(events_on) == 11
    code, report = box.verify("dev")
    assert code in (0, 4), (report["findings"], report["could_not_check"])
    said = previewed.stdout + previewed.stderr + json.dumps((events, report))
    assert (KARTE_KEY in said, PASSWORD in said) == (False, False)
    box.pulumi("preview", "--stack", "dev", "--expect-no-changes")
    box.pulumi("refresh", "--stack", "dev", "--yes", "--skip-preview", "--expect-no-changes")


def test_a_click_and_what_became_of_the_mail_reach_karte(box: Sandbox, karte: Hook) -> None:
    """Each event that KARTE makes its own of; docs/karte.md has the table."""
    store = Store(box.lab.database)
    told = [("delivered", ""), ("bounce", "bounce"), ("bounce", "blocked"), ("dropped", ""), ("spamreport", "")]
    wanted = [*told, ("click", ""), ("open", "")]
    way = make_link(store, HOST, "https://example.com/page")
    for number, (name, kind) in enumerate(told):
        body = {"event": name, "email": "reader@example.com", **({"type": kind} if kind else {})}
        store.put(EVENT, f"t{number}", {"user": "karte-mail", "body": body})
    store.close()
    at = f"http://{box.lab.origin_addresses('sendgrid')[0]}:{box.lab.http_port}"
    for path in (way, way.replace("/ls/click", "/wf/open")):
        httpx.get(at + path, headers={"Host": HOST}, trust_env=False)
    until = time.monotonic() + 30
    while len(found := [one for post in karte.posts for one in post.events]) < len(wanted):
        assert time.monotonic() < until, karte.posts
        time.sleep(0.1)
    assert sorted((one["event"], one.get("type", "")) for one in found) == sorted(wanted)
    assert {post.path for post in karte.posts} == {f"/hook/{KARTE_KEY}/sendgrid/event"}


def test_a_key_is_changed_in_three_steps_and_at_no_moment_is_there_none(box: Sandbox) -> None:
    first = shown_key(box)
    assert ask(box, "GET", "scopes", key=first) == {"scopes": ["mail.send", "stats.read"]}
    box.declare("dev", declared("2"))
    refused = box.linkproof("guard", "dev", code=None)
    assert (refused.returncode, "karte.key-in-use" in refused.stdout) == (2, True), refused.stdout
    assert (
        box.pulumi("up", "--stack", "dev", "--yes", "--skip-preview", "--suppress-outputs", code=None).returncode != 0
    )
    assert "scopes" in ask(box, "GET", "scopes", key=first), "protected"
    box.declare("dev", declared("1", "2"))
    box.linkproof("guard", "dev")
    box.up("dev")
    second = shown_key(box)
    assert second != first
    assert "scopes" in ask(box, "GET", "scopes", key=first), "until KARTE has the new one"
    box.declare("dev", declared("2"))
    box.linkproof("guard", "dev")
    box.up("dev")
    assert "errors" in ask(box, "GET", "scopes", key=first)
    assert ask(box, "GET", "scopes", key=second) == {"scopes": ["mail.send", "stats.read"]}
    assert shown_key(box) == second


def test_a_hook_that_somebody_led_elsewhere_is_drift_and_its_url_stays_unseen(box: Sandbox, karte: Hook) -> None:
    (hook,) = ask(box, "GET", "user/webhooks/event/settings/all", user="karte-mail")["webhooks"]
    other = {"url": f"{karte.url}/hook/{KARTE_KEY}-other/sendgrid/event"}
    ask(box, "PATCH", f"user/webhooks/event/settings/{hook['id']}", other, user="karte-mail")
    drift = box.linkproof("drift", "dev", code=None)
    assert (drift.returncode, "KARTE" in drift.stdout) == (1, True), drift.stdout
    done = box.pulumi("refresh", "--stack", "dev", "--yes", "--skip-preview", "--diff")
    again = box.pulumi("up", "--stack", "dev", "--yes", "--diff")
    said = [drift.stdout, drift.stderr, done.stdout, done.stderr, again.stdout, again.stderr]
    assert KARTE_KEY not in "".join(said)
    (hook,) = ask(box, "GET", "user/webhooks/event/settings/all", user="karte-mail")["webhooks"]
    assert "-other" not in hook["url"]


def test_a_hook_that_exists_is_imported_unseen(box: Sandbox) -> None:
    (urn,) = [
        one["urn"] for one in box.state("dev")["deployment"]["resources"] if one["type"].endswith(":EventWebhook")
    ]
    box.pulumi("state", "delete", urn, "--yes", "--stack", "dev")
    failed = box.pulumi("up", "--stack", "dev", "--yes", "--skip-preview", "--suppress-outputs", code=None)
    assert "an event webhook with this URL exists already" in failed.stdout
    (hook,) = ask(box, "GET", "user/webhooks/event/settings/all", user="karte-mail")["webhooks"]
    said = box.linkproof("expectations", "dev").stdout
    (command,) = [line.partition("own it: ")[2] for line in said.splitlines() if "pulumi import" in line]
    assert f"karte-mail/{hook['id']}" in command
    done = box.pulumi(*command.split()[1:], "--yes")
    assert KARTE_KEY not in failed.stdout + done.stdout + done.stderr + json.dumps(box.state("dev"))
    box.up("dev")
    box.pulumi("preview", "--stack", "dev", "--expect-no-changes")


def test_neither_the_hook_s_url_nor_the_password_is_in_a_file_of_the_stack(box: Sandbox) -> None:
    """State and its backups, expectations, reports, the lab's log of requests; the vendor's own store alone has it."""
    written = [file for file in box.root.rglob("*") if file.is_file() and not file.is_symlink()]
    holding = [
        str(file.relative_to(box.root))
        for file in written
        if any(one.encode() in file.read_bytes() for one in (KARTE_KEY, PASSWORD))
        and not file.name.startswith(box.lab.database.name)
    ]
    assert holding == []
    assert any(file.suffix == ".json" and "backend" in str(file) for file in written)
    assert list(requests(box.lab.request_log))


def test_the_block_is_let_go_by_the_names_that_the_guard_says(box: Sandbox) -> None:
    link = {"sender": "mail", "click_host": HOST, "phase": "branded", "edge": "aws"}
    kept = {"mail": {"provider": "sendgrid", "manage": {"subuser": "karte-mail"}}}
    box.declare("dev", linked({"one": link}, senders=kept))
    refused = json.loads(box.linkproof("guard", "dev", "--json", code=2).stdout)["refusals"]
    assert "sendgrid.subuser-in-use" in {one["rule"] for one in refused}, "its links would go with it"
    kept["mail"]["manage"]["subusers"] = SUBUSERS
    box.declare("dev", linked({"one": link}, senders=kept))
    said = json.loads(box.linkproof("guard", "dev", "--json", code=2).stdout)
    for refusal in said["refusals"]:
        box.linkproof(*refusal["fix"].split("`")[1].split()[1:])
    box.linkproof("guard", "dev")
    box.up("dev")
    assert ask(box, "GET", "whitelabel/domains") == []
    assert ask(box, "GET", "api_keys", user="karte-mail") == {"result": []}
    assert ask(box, "GET", "user/webhooks/event/settings/all", user="karte-mail")["webhooks"] == []
