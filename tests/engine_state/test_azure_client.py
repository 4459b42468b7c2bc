"""Azure's credentials as users have them: a secret that becomes a token, an account without any, a cloud of its own, a subscription that nobody names."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest
from linkproof.errors import LinkproofError
from linkproof.vendors.azure.account import Options, Secrets
from linkproof.vendors.azure.client import AzureClient, client
from linkproof.vendors.azure.cloud import PUBLIC, cloud_of

PLANTED, SECRET = "planted-access-token-7c2d", "planted-client-secret-91ab"
VARIABLES = ("ARM_SUBSCRIPTION_ID", "ARM_TENANT_ID", "ARM_CLIENT_ID", "ARM_CLIENT_SECRET")


class Azure(BaseHTTPRequestHandler):
    """Says where it is, gives a token for the secret, and lists in two pages."""

    elsewhere = ""

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        is_known = form["client_secret"] == [SECRET] and form["scope"] == ["https://audience.test/.default"]
        self._give(
            200 if is_known else 401,
            {"access_token": PLANTED, "expires_in": 3599} if is_known else {"error": "invalid_client"},
        )

    def do_GET(self) -> None:
        here = f"http://{self.headers['Host']}"
        if self.path.startswith("/metadata/endpoints"):
            login = {"loginEndpoint": f"{here}/", "audiences": ["https://audience.test/"]}
            self._give(200, {"resourceManager": f"{here}/", "authentication": login})
        elif self.headers["Authorization"] != f"Bearer {PLANTED}":
            self._give(401, {"error": {"code": "AuthenticationFailed", "message": "Authentication failed."}})
        elif "page=2" in self.path:
            self._give(200, {"value": [{"name": "second"}]})
        else:
            next_link = f"{self.elsewhere or here}{self.path}&page=2"
            self._give(200, {"value": [{"name": "first"}], "nextLink": next_link})

    def _give(self, status: int, document: object) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Azure, "elsewhere", "")
    server = HTTPServer(("127.0.0.1", 0), Azure)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(10)


def opened(host: str, secret: str = SECRET, **more: str) -> AzureClient:
    options = Options.model_validate(
        {"subscriptionId": "s", "tenantId": "t", "clientId": "c", "metadataHost": host} | more
    )
    return client("brand", options, Secrets.model_validate({"azureClientSecret": secret}), "prod")


def test_a_secret_becomes_a_token_and_a_list_is_read_to_its_end(host: str) -> None:
    found = opened(host)
    assert [one["name"] for one in found.list(f"{found.root}/things", "2024-01-01")] == ["first", "second"]


def test_a_token_goes_to_no_other_host(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Azure, "elsewhere", "http://127.0.0.1.example.test")
    found = opened(host)
    with pytest.raises(LinkproofError, match="next page of Azure's list is elsewhere"):
        list(found.list(f"{found.root}/things", "2024-01-01"))


def test_a_secret_that_is_refused_is_said_and_never_shown(host: str) -> None:
    found = opened(host, "planted-wrong-secret")
    with pytest.raises(LinkproofError, match="gives no access token for account brand") as refused:
        found.find(f"{found.root}/thing", "2024-01-01")
    assert "planted" not in str(refused.value) + repr(refused.value.__cause__)


def test_the_environment_has_what_the_account_does_not(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in zip(VARIABLES, ("s", "t", "c", SECRET), strict=True):
        monkeypatch.setenv(name, value)
    found = client("brand", Options.model_validate({"metadataHost": host}), Secrets(), "prod")
    assert found.root == "/subscriptions/s"
    assert found.find(f"{found.root}/thing", "2024-01-01") is not None


def test_what_is_lacking_is_named(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LinkproofError, match="no Azure subscription for account brand"):
        client("brand", Options(), Secrets(), "prod")
    no_tenant = Options.model_validate({"subscriptionId": "s", "clientId": "c", "metadataHost": host})
    with pytest.raises(LinkproofError, match="no tenant id"):
        client("brand", no_tenant, Secrets.model_validate({"azureClientSecret": SECRET}), "prod")
    monkeypatch.setenv("PATH", "")  # no `az`
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "AzureCliCredential")
    nothing = client("brand", Options.model_validate({"subscriptionId": "s"}), Secrets(), "prod")
    with pytest.raises(LinkproofError, match="no Azure credentials for account brand"):
        nothing.find(f"{nothing.root}/thing", "2024-01-01")


def test_a_cloud_that_is_not_named_is_the_public_one_and_a_host_that_is_none_is_refused() -> None:
    assert cloud_of(None) == PUBLIC
    with pytest.raises(LinkproofError, match="does not say where that cloud's APIs are"):
        cloud_of("127.0.0.1:9")
