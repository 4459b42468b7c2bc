"""The lab's API held against clients that the vendor made, and against the requests of those that others made."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest
import sendgrid
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from linkproof_lab.senders.sendgrid.control_plane import webhooks
from linkproof_lab.senders.sendgrid.facts import SENDGRID_KEY
from python_http_client import exceptions
from sendgrid.helpers.eventwebhook import EventWebhook

CLIENTS = Path(__file__).parent / "clients"
# method, path, headers and body as public Terraform providers send them; `LINK` and `HOOK` stand for ids
RECORDED = json.loads((CLIENTS / "terraform.json").read_text())


def client(lab: Any, subuser: str | None = None) -> Any:
    made = sendgrid.SendGridAPIClient(SENDGRID_KEY, host=lab.url, impersonate_subuser=subuser).client
    made.timeout = 30
    return made


def test_the_python_library_walks_a_link_from_nothing_to_deleted(lab: Any) -> None:
    links = client(lab).whitelabel.links
    made = links.post(request_body={"domain": "example.net", "subdomain": "url1"})
    assert made.status_code == 201
    link = made.to_dict
    lab.publish_link(link)
    one = links._(link["id"])
    assert one.validate.post().to_dict["valid"] is True
    assert [found["id"] for found in links.get(query_params={"limit": 100}).to_dict] == [link["id"]]
    assert one.patch(request_body={"default": True}).to_dict["default"] is True
    lab.subuser("news")
    assert one.subuser.post(request_body={"username": "news"}).status_code == 200
    assert links.subuser.get(query_params={"username": "news"}).to_dict["id"] == link["id"]
    assert links.subuser.delete(query_params={"username": "news"}).status_code == 204
    assert client(lab, "news").whitelabel.links.get().to_dict == []
    assert one.delete().status_code == 204
    with pytest.raises(exceptions.NotFoundError) as missing:
        one.get()
    assert missing.value.to_dict["errors"][0]["message"] == "link not found"


def test_the_python_library_knows_the_refusals(lab: Any) -> None:
    with pytest.raises(exceptions.BadRequestsError) as bad:
        client(lab).whitelabel.links.post(request_body={"subdomain": "url1"})
    assert bad.value.to_dict == {"errors": [{"field": "domain", "message": "domain is required"}]}
    with pytest.raises(exceptions.UnauthorizedError):
        sendgrid.SendGridAPIClient("SG.unknown", host=lab.url).client.scopes.get()
    lab.store.put("rate-limit", "sendgrid", {"requests": 0, "per_seconds": 60})
    with pytest.raises(exceptions.TooManyRequestsError):
        client(lab).scopes.get()


def test_a_signed_post_is_verified_by_the_python_library(lab: Any) -> None:
    root = client(lab).user.webhooks.event.settings
    hook = root.post(request_body={"url": "https://one.example/", "click": True}).to_dict
    public_key = root.signed._(hook["id"]).patch(request_body={"enabled": True}).to_dict["public_key"]
    held = lab.store.get(webhooks.KIND, hook["id"])["key_pem"].encode()
    key = serialization.load_pem_private_key(held, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    timestamp, body = "1764000000", '[{"event":"click"}\r\n]\r\n'
    signature = base64.b64encode(key.sign((timestamp + body).encode(), ec.ECDSA(hashes.SHA256()))).decode()
    checker = EventWebhook(public_key)
    assert checker.verify_signature(body, signature, timestamp)
    assert not checker.verify_signature(body.strip(), signature, timestamp)


@pytest.mark.parametrize("client_name", RECORDED)
def test_the_requests_of_other_clients_are_taken(lab: Any, client_name: str) -> None:
    link = lab.link("url9")
    hook = lab.call("POST", "user/webhooks/event/settings", {"url": "https://one.example/"}).json()
    lab.publish_link(link)
    for one in RECORDED[client_name]:
        path = one["path"].replace("LINK", str(link["id"])).replace("HOOK", hook["id"])
        body = json.dumps(one["body"]).encode() if "body" in one else b""
        headers = {"Authorization": f"Bearer {SENDGRID_KEY}", **one.get("headers", {})}
        answer = httpx.request(one["method"], lab.url + path, content=body, headers=headers, trust_env=False)
        assert answer.status_code == one["status"], (one, answer.text)


def test_the_node_client_is_answered_as_it_expects(lab: Any, tmp_path: Path) -> None:
    if shutil.which("npm") is None:
        assert not os.environ.get("CI"), "CI installs npm: see .ci/run"
        pytest.skip("no npm here: apt-get install npm")
    folder = tmp_path / "node"
    shutil.copytree(CLIENTS / "node", folder, ignore=shutil.ignore_patterns("node_modules"))
    install = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent", "--ignore-scripts"]
    subprocess.run(install, cwd=folder, timeout=300, check=True, capture_output=True)
    assert _run(lab, ["node", "walk.js"], folder) == ["201", "true", "400 domain", "404", "204"]


def test_the_go_client_is_answered_as_it_expects_and_waits_for_the_reset(lab: Any) -> None:
    if shutil.which("go") is None and not Path("/usr/local/go/bin/go").exists():
        assert not os.environ.get("CI"), "CI has Go: it builds the engine"
        pytest.skip("no Go here")
    assert _run(lab, ["go", "run", "."], CLIENTS / "go") == ["201", "true", "400 domain", "404", "204", "200"]


def _run(lab: Any, command: list[str], folder: Path) -> list[str]:
    """What a client says of its walk, with a link whose records are published."""
    lab.publish(("url1.example.net", "CNAME", "sendgrid.net."), ("1234567.example.net", "CNAME", "sendgrid.net."))
    environment = {
        **os.environ,
        "PATH": f"{os.environ['PATH']}:/usr/local/go/bin",
        "LAB_URL": lab.url,
        "LAB_KEY": SENDGRID_KEY,
        "GOFLAGS": "-mod=readonly",
    }
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()
