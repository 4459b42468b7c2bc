"""An account at a vendor: what its name means, in the engine's provider and in our own client alike.

A vendor's folder has `account.py` (the strict forms of options and secrets), `provider.py` (the engine's provider) and
`client.py` (ours). Plug-ins that share a vendor share its folder; a plug-in that is its own vendor has these files itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Protocol

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic.alias_generators import to_camel

from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    import pulumi

ACCOUNTS = "linkproof:accounts"
"""The key of a stack's config that says what account names mean."""

SECRETS = "linkproof:secrets"
"""The key that has their secrets, by account."""

Text = Annotated[str, Field(min_length=1)]
Secret = Annotated[SecretStr, Field(min_length=1)]


class AccountForm(BaseModel):
    """Keys as the vendor's provider writes them, in camel case; an unknown one is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel)

    # of a vendor's options: the fields that say which account it is, whatever the account is called in a stack's config
    identifying: ClassVar[tuple[str, ...]] = ()
    # likewise: an account takes so many calls in a time, so two stacks do not write to it at once
    limits_writes: ClassVar[bool] = True


def as_secret(value: SecretStr | None) -> pulumi.Output[str] | None:
    """A secret as the engine takes it, which then stays one; None where there is none."""
    import pulumi

    return None if value is None else pulumi.Output.secret(value.get_secret_value())


def secret_of(given: SecretStr | None, variable: str, what: str, account: str, key: str, stack: str) -> str:
    """A secret of an account, or the environment's.

    Args:
        variable: of the environment.
        what: it is, for people: `Fastly token`.
        key: in the stack's config, below `linkproof:secrets.<account>`.

    Raises:
        LinkproofError: neither has it.
    """
    found = given.get_secret_value() if given else os.environ.get(variable)
    if not found:
        raise LinkproofError(
            f"no {what} for account {account}",
            f"set it in Pulumi.{stack}.yaml with `pulumi config set --stack {stack} --secret --path"
            f" {SECRETS}.{account}.{key}`, or set {variable}",
        )
    return found


@contextmanager
def says_itself(what: str, account: str) -> Iterator[None]:
    """`asking` of a client that says itself what goes wrong."""
    del what, account
    yield


class VendorAccount(Protocol):
    """`account.py`.

    Attributes:
        Options: of one account; every key has a default.
        Secrets: of one account, each named for its vendor, for they stand beside those of others.
        LIBRARIES: import name of each library that the vendor's files need, and the extra that brings it.
    """

    Options: type[AccountForm]
    Secrets: type[AccountForm]
    LIBRARIES: dict[str, str]


class VendorProvider(Protocol):
    """`provider.py`: imports the vendor's SDK of the engine."""

    def provider(self, account: str, options: Any, secrets: Any) -> pulumi.ProviderResource: ...


class VendorClient(Protocol):
    """`client.py`: asks the vendor's API. Nothing is written with it but a DNS host's answer to a CA's challenge (`contract/challenge.py`)."""

    def client(self, account: str, options: Any, secrets: Any, stack: str) -> Any:
        """Raises:
        LinkproofError: there are no credentials for the account, or they are refused.
        """

    def asking(self, what: str, account: str) -> AbstractContextManager[None]:
        """Around calls of the client: what goes wrong there is said as everything else is, as a LinkproofError."""
