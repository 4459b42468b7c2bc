"""Azure at one address: where its APIs are, tokens, and Azure Resource Manager. Real ones have an address each."""

from __future__ import annotations

import json
import logging
from urllib.parse import parse_qs

from linkproof_lab.apis.contract import Api, ApiAnswer, ApiRequest
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.azure.control_plane.contract import AzureCall, AzureError, AzureService, Document, not_found
from linkproof_lab.vendors.azure.facts import CLIENT, CLIENT_SECRET

_log = logging.getLogger(__name__)
_TOKEN = "lab-azure-token-that-opens-nothing-but-a-lab"  # noqa: S105
_TOKEN_SECONDS = 3599


def api(settings: LabSettings, store: Store, parts: tuple[AzureService, ...]) -> Api:
    return Azure(settings.api_url("vendors/azure"), parts)


class Azure:
    """Args:
    parts: the services that have folders of their own.
    """

    def __init__(self, url: str, parts: tuple[AzureService, ...]) -> None:
        self._url = url
        self._parts = {part.NAMESPACE.lower(): part for part in parts}

    def answer(self, request: ApiRequest) -> ApiAnswer:
        try:
            document, status = self._answer(request), 200
        except AzureError as error:
            document, status = error.document(), error.status
        except Exception:
            _log.exception("%s %s", request.method, request.path)
            document, status = AzureError(500, "InternalServerError", "the lab failed; see its log").document(), 500
        return ApiAnswer(status, json.dumps(document).encode(), {"Content-Type": "application/json"})

    def _answer(self, request: ApiRequest) -> Document:
        match request.path.strip("/").split("/"):
            case ["metadata", "endpoints"]:
                return {
                    "name": "Lab",
                    "resourceManager": f"{self._url}/",
                    "authentication": {
                        "loginEndpoint": self._url,
                        "audiences": ["https://management.core.windows.net/"],
                    },
                }
            case [_, "oauth2", "v2.0", "token"] if request.method == "POST":
                return _token(request.body.decode())
            case ["subscriptions", _, "providers", namespace, *path]:
                return self._managed(request, "", namespace, path)
            case ["subscriptions", _, "resourceGroups" | "resourcegroups", group, "providers", namespace, *path]:
                return self._managed(request, group, namespace, path)
        raise not_found(request.path)

    def _managed(self, request: ApiRequest, group: str, namespace: str, path: list[str]) -> Document:
        if request.headers.get("authorization") != f"Bearer {_TOKEN}":
            raise AzureError(401, "AuthenticationFailed", "Authentication failed.")
        if "api-version" not in dict(request.query):
            raise AzureError(
                400,
                "MissingApiVersionParameter",
                "The api-version query parameter (?api-version=) is required for all requests.",
            )
        part = self._parts.get(namespace.lower())
        if part is None:
            raise AzureError(404, "InvalidResourceNamespace", f"The resource namespace '{namespace}' is invalid.")
        root = request.path.partition("/providers/")[0]
        body = json.loads(request.body) if request.body else {}
        return part.answer(AzureCall(request.method, root, group, path, request.headers, body, request.query))


def _token(body: str) -> Document:
    form = {name: values[0] for name, values in parse_qs(body).items()}
    given = (form.get("grant_type"), form.get("client_id"), form.get("client_secret"))
    if given != ("client_credentials", CLIENT, CLIENT_SECRET):
        raise AzureError(401, "invalid_client", "AADSTS7000215: Invalid client secret provided.")
    return {"token_type": "Bearer", "expires_in": _TOKEN_SECONDS, "access_token": _TOKEN}
