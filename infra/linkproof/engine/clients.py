"""Vendor API clients with the stack's own credentials, for the commands that must ask a vendor themselves."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from linkproof import registry
from linkproof.contract.vendor import ACCOUNTS, SECRETS
from linkproof.credentials import Credentials, read_credentials

if TYPE_CHECKING:
    from linkproof.engine.cli import Engine


class Clients:
    """Clients by vendor and account, made from the stack's config when first asked for, as the engine's providers are."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._made: dict[tuple[str, str], Any] = {}

    @classmethod
    def of(cls, engine: Engine) -> Clients:
        """Read the stack's config through the CLI, which alone can decrypt it.

        Raises:
            CredentialsError: the config's accounts or secrets are not understood.
        """
        config = json.loads(engine.must("config", "--json", "--show-secrets", "--stack", engine.stack))

        def value(key: str) -> Any:
            entry = config.get(key) or {}
            return entry["objectValue"] if entry.get("objectValue") is not None else entry.get("value")

        return cls(read_credentials(value(ACCOUNTS), value(SECRETS), engine.stack))

    @classmethod
    def when_asked(cls, engine: Engine) -> Callable[[], Clients]:
        """The same, read at the first call and once: the CLI takes half a second, and most runs ask no vendor."""
        return cache(lambda: cls.of(engine))

    def client(self, vendor: str, account: str) -> Any:
        """The vendor's own client.

        Raises:
            LinkproofError: the account is unknown, or there are no credentials for it.
        """
        if (vendor, account) not in self._made:
            credentials = self._credentials
            options, secrets = credentials.options(vendor, account), credentials.secrets(vendor, account)
            made = registry.vendor(vendor).client.client(account, options, secrets, credentials.stack)
            self._made[vendor, account] = made
        return self._made[vendor, account]
