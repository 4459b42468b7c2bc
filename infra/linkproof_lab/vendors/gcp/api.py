"""Google Cloud's APIs at one address: who calls, and which of them is meant. Real ones have an address each."""

from __future__ import annotations

import json
import logging

from linkproof_lab.apis.contract import Api, ApiAnswer, ApiRequest
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.gcp.control_plane.contract import GcpCall, GcpError, GcpService, not_found
from linkproof_lab.vendors.gcp.facts import GCP_TOKEN

_log = logging.getLogger(__name__)


def api(settings: LabSettings, store: Store, parts: tuple[GcpService, ...]) -> Api:
    return Gcp(parts)


class Gcp:
    """Args:
    parts: the services that have folders of their own; one may answer for several of Google's APIs.
    """

    def __init__(self, parts: tuple[GcpService, ...]) -> None:
        self._parts = parts

    def answer(self, request: ApiRequest) -> ApiAnswer:
        try:
            document, status = self._answer(request), 200
        except GcpError as error:
            document, status = error.document(), error.status
        except Exception:
            _log.exception("%s %s", request.method, request.path)
            document, status = GcpError(500, "the lab failed; see its log").document(), 500
        return ApiAnswer(status, json.dumps(document).encode(), {"Content-Type": "application/json"})

    def _answer(self, request: ApiRequest) -> dict[str, object]:
        if request.headers.get("authorization") != f"Bearer {GCP_TOKEN}":
            raise GcpError(401, "Request had invalid authentication credentials.", "authError")
        match request.path.strip("/").split("/"):
            case [name, "v1" | "v3", "projects", project, *path]:
                body = json.loads(request.body) if request.body else {}
                call = GcpCall(request.method, name, project, path, dict(request.query), body)
                for part in self._parts:
                    if name in part.API.split():
                        return part.answer(call)
        raise not_found(request.path)
