"""Google's credentials as users have them: a key file that becomes a token, an account without any, a project that nobody names."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from linkproof.errors import LinkproofError
from linkproof.vendors.gcp.account import Options, Secrets
from linkproof.vendors.gcp.client import PROJECT_VARIABLES, client

PLANTED = "planted-access-token-5b1f9c"


class Google(BaseHTTPRequestHandler):
    """Gives a token for a signed assertion, and answers whoever has it."""

    asked: list[str]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._give(200 if "assertion=" in body else 400, {"access_token": PLANTED, "expires_in": 3600})

    def do_GET(self) -> None:
        is_known = self.headers["Authorization"] == f"Bearer {PLANTED}"
        answer = {"dnsName": "example.net."} if is_known else {"error": {"message": "Request had invalid credentials."}}
        self._give(200 if is_known else 401, answer)

    def _give(self, status: int, document: dict[str, object]) -> None:
        data = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *arguments: object) -> None:
        del arguments


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in (*PROJECT_VARIABLES, "GOOGLE_APPLICATION_CREDENTIALS"):
        monkeypatch.delenv(name, raising=False)
    # no machine of Google's is looked for, nor a person's own login
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setenv("CLOUDSDK_CONFIG", "/nowhere")
    server = HTTPServer(("127.0.0.1", 0), Google)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join(10)
    server.server_close()


def key_file(url: str) -> str:
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    said = {"type": "service_account", "project_id": "acme-mail", "private_key_id": "1", "private_key": pem}
    return json.dumps({**said, "client_email": "dns@acme-mail.example", "token_uri": f"{url}token"})


def options(url: str, project: str | None = None) -> Options:
    return Options.model_validate({"project": project, "dnsCustomEndpoint": url})


@pytest.mark.parametrize("where", ["config", "environment"])
def test_a_key_becomes_a_token_and_names_its_project(
    google: str, where: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    secrets = Secrets.model_validate({"gcpCredentials": key_file(google)} if where == "config" else {})
    if where == "environment":
        (tmp_path / "key.json").write_text(key_file(google))
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "key.json"))
    made = client("network", options(google), secrets, "prod")
    assert made.project == "acme-mail"
    assert made.find(f"{made.dns}projects/acme-mail/managedZones/z") == {"dnsName": "example.net."}


def test_no_credentials_are_said_with_what_to_do(google: str) -> None:
    with pytest.raises(
        LinkproofError, match="no Google Cloud credentials for account network in the environment"
    ) as said:
        client("network", options(google), Secrets(), "prod")
    assert "gcloud auth application-default login" in said.value.fix


def test_a_token_without_a_project_and_a_key_that_is_none_are_refused(google: str) -> None:
    token = Secrets.model_validate({"gcpAccessToken": "t"})
    with pytest.raises(LinkproofError, match="no Google Cloud project for account network"):
        client("network", options(google), token, "prod")
    with pytest.raises(LinkproofError, match=r"no Google Cloud credentials .*gcpCredentials") as said:
        client("network", options(google, "p"), Secrets.model_validate({"gcpCredentials": '{"planted": 1}'}), "prod")
    assert "planted" not in str(said.value)


def test_a_refusal_is_said_without_the_token(google: str) -> None:
    made = client("network", options(google, "p"), Secrets.model_validate({"gcpAccessToken": "wrong-5b1f9c"}), "prod")
    with pytest.raises(LinkproofError, match=r"refused GET .*: 401, Request had invalid credentials\.") as said:
        made.find(f"{made.dns}projects/p/managedZones/z")
    assert "5b1f9c" not in str(said.value)
