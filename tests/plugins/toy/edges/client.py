"""The toy edge's API with an account's own token."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from linkproof.edges.toy.account import Options, Secrets
from linkproof.errors import LinkproofError


class Client:
    def __init__(self, api: str, token: str) -> None:
        self._api, self._token = api.rstrip("/"), token

    def get(self, path: str) -> Any:
        request = Request(self._api + path, headers={"Authorization": f"Bearer {self._token}"})
        with urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())


def client(account: str, options: Options, secrets: Secrets, stack: str) -> Client:
    token = secrets.toyedge_token
    if options.api is None or token is None:
        raise LinkproofError(
            f"no API or token of the toy edge for account {account}", f"set them in Pulumi.{stack}.yaml"
        )
    return Client(options.api, token.get_secret_value())


@contextmanager
def asking(what: str, account: str) -> Iterator[None]:
    try:
        yield
    except (URLError, ValueError) as error:
        raise LinkproofError(
            f"the toy edge gave no answer about {what} (account {account}): {error}", "try again"
        ) from error
