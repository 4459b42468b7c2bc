"""Credentials by name: which provider instance a zone or an edge is built with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linkproof import registry

if TYPE_CHECKING:
    import pulumi

    from linkproof.credentials import Credentials


class Accounts:
    """Provider instances, made when first asked for."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._made: dict[tuple[str, str], pulumi.ProviderResource] = {}

    def provider(self, vendor: str, account: str) -> pulumi.ProviderResource:
        """The vendor's provider of one account.

        Raises:
            UnknownAccountError: the stack's config has no such account.
        """
        if (vendor, account) not in self._made:
            options, secrets = self.account(vendor, account)
            self._made[vendor, account] = registry.vendor(vendor).provider.provider(account, options, secrets)
        return self._made[vendor, account]

    def account(self, vendor: str, account: str) -> tuple[Any, Any]:
        """Options and secrets of an account, in the vendor's own forms.

        Raises:
            UnknownAccountError: the stack's config has no such account.
        """
        return self._credentials.options(vendor, account), self._credentials.secrets(vendor, account)
