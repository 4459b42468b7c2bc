"""Google Cloud's APIs with an account's own credentials, found by google-auth as Google's libraries find them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from linkproof.contract.vendor import ACCOUNTS, SECRETS
from linkproof.errors import LinkproofError
from linkproof.vendors.gcp.account import Options, Secrets

if TYPE_CHECKING:
    from collections.abc import Callable

COMPUTE = "https://compute.googleapis.com/compute/v1/"
CERTIFICATE_MANAGER = "https://certificatemanager.googleapis.com/v1/"
MONITORING = "https://monitoring.googleapis.com/v3/"
DNS = "https://dns.googleapis.com/dns/v1/"
SCOPE = "https://www.googleapis.com/auth/cloud-platform"
TIMEOUT_SECONDS = 30.0
# Where the engine's provider looks for a project, in its order.
PROJECT_VARIABLES = ("GOOGLE_PROJECT", "GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT")
_MOST_SHOWN = 300
_MISSING = frozenset({404})
_TOO_MANY = 429


class GcpClient:
    """Calls of its APIs; a token never appears in an error.

    Args:
        project: the id of the account's project.
        token: gives a fresh access token for each call.
    """

    def __init__(self, project: str, options: Options, token: Callable[[], str]) -> None:
        import httpx

        self.project = project
        self.compute = options.compute_custom_endpoint or COMPUTE
        self.certificate_manager = options.certificate_manager_custom_endpoint or CERTIFICATE_MANAGER
        self.dns = options.dns_custom_endpoint or DNS
        self.monitoring = options.monitoring_custom_endpoint or MONITORING
        self._token = token
        self._http = httpx.Client(timeout=TIMEOUT_SECONDS)

    def find(self, url: str, query: Mapping[str, str] | None = None) -> dict[str, Any] | None:
        """One object; None where there is none.

        Raises:
            LinkproofError: the API refused, or cannot be reached.
        """
        return self._document("GET", url, query or {}, unless=_MISSING)

    def list(self, url: str, key: str, query: Mapping[str, str] | None = None) -> Iterator[dict[str, Any]]:
        """What a list has under `key`, page by page.

        Raises:
            LinkproofError: the API refused, or cannot be reached.
        """
        for document in self.pages(url, query or {}):
            yield from document.get(key) or ()

    def pages(self, url: str, query: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """The documents of a list, one after the other.

        Raises:
            LinkproofError: the API refused, or cannot be reached.
        """
        page: dict[str, str] = {}
        while True:
            document = self._document("GET", url, {**query, **page}) or {}
            yield document
            if not document.get("nextPageToken"):
                return
            page = {"pageToken": document["nextPageToken"]}

    def post(self, url: str, body: Mapping[str, Any], unless: frozenset[int] = frozenset()) -> dict[str, Any] | None:
        """Sent once: where no answer came, it may have been done all the same.

        Args:
            unless: statuses of a refusal that the caller can do something about; None is then the answer.

        Raises:
            LinkproofError: the API refused, or cannot be reached.
        """
        return self._document("POST", url, {}, body=body, unless=unless)

    def _document(
        self,
        method: str,
        url: str,
        query: Mapping[str, str],
        *,
        body: Mapping[str, Any] | None = None,
        unless: frozenset[int] = frozenset(),
    ) -> dict[str, Any] | None:
        import httpx

        headers = {"Authorization": f"Bearer {self._token()}"}
        try:
            answer = self._http.request(method, url, params=dict(query) or None, json=body, headers=headers)
            document = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise LinkproofError(
                f"Google Cloud gave no answer to {method} {url}: {type(error).__name__}", "try again"
            ) from error
        if answer.status_code in unless:
            return None
        if answer.is_error or not isinstance(document, dict):
            refusal = document.get("error") if isinstance(document, dict) else None
            said = str(refusal.get("message"))[:_MOST_SHOWN] if isinstance(refusal, dict) else "no word of its own"
            raise LinkproofError(
                f"Google Cloud refused {method} {url}: {answer.status_code}, {said}",
                "run the same command again in a minute: Google counts the calls of a project"
                if answer.status_code == _TOO_MANY
                else "check the account's project, its roles, and that the API is switched on there",
            )
        return document


def client(account: str, options: Options, secrets: Secrets, stack: str) -> GcpClient:
    """A client with the account's credentials, or those that the environment has.

    Raises:
        LinkproofError: there are no credentials, or no project.
    """
    given = secrets.gcp_access_token
    if given is not None:
        return GcpClient(_project(account, options, stack), options, given.get_secret_value)
    token, own_project = _google_token(account, secrets, stack)
    return GcpClient(_project(account, options, stack, own_project), options, token)


def _project(account: str, options: Options, stack: str, own: str | None = None) -> str:
    found = options.project or next((os.environ[name] for name in PROJECT_VARIABLES if os.environ.get(name)), own)
    if not found:
        raise LinkproofError(
            f"no Google Cloud project for account {account}",
            f"write `{account}: {{gcp: {{project: …}}}}` under {ACCOUNTS} in Pulumi.{stack}.yaml, or set {PROJECT_VARIABLES[0]}",
        )
    return found


def _google_token(account: str, secrets: Secrets, stack: str) -> tuple[Callable[[], str], str | None]:
    """What gives a token, renewed when it ends, and the project that the credentials name."""
    import google.auth
    import google.auth.exceptions
    from google.oauth2 import service_account

    from linkproof.vendors.gcp.transport import HttpxRequest

    key = secrets.gcp_credentials
    try:
        if key is not None:
            found = service_account.Credentials.from_service_account_info(  # type: ignore[no-untyped-call]
                json.loads(key.get_secret_value()), scopes=[SCOPE]
            )
            project = found.project_id
        else:
            found, project = google.auth.default(scopes=[SCOPE])
    except (ValueError, google.auth.exceptions.GoogleAuthError) as error:
        where = f"{SECRETS}.{account}.gcpCredentials" if key is not None else "the environment"
        raise LinkproofError(
            f"no Google Cloud credentials for account {account} in {where}: {type(error).__name__}",
            f"run `gcloud auth application-default login`, set GOOGLE_APPLICATION_CREDENTIALS, or set the key file's JSON in Pulumi.{stack}.yaml"
            f" with `pulumi config set --stack {stack} --secret --path {SECRETS}.{account}.gcpCredentials`",
        ) from error

    def token() -> str:
        try:
            if not found.valid:
                found.refresh(HttpxRequest())
        except google.auth.exceptions.GoogleAuthError as error:
            raise LinkproofError(
                f"Google gives no access token for account {account}: {type(error).__name__}",
                "run `gcloud auth application-default login` again, or see whether the key still exists",
            ) from error
        return str(found.token)

    return token, project


@contextmanager
def asking(what: str, account: str) -> Iterator[None]:
    """The client says itself what goes wrong."""
    del what, account
    yield
