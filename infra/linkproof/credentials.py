"""What an account name of the declaration means, read from the stack's config: each vendor's own strict form.

The engine's providers and our own clients are made from the same form, so that both look into the same place.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, TypeAdapter, ValidationError, create_model

from linkproof import registry
from linkproof.contract.declared import DEFAULT_ACCOUNT as DEFAULT
from linkproof.contract.vendor import ACCOUNTS, SECRETS, AccountForm
from linkproof.errors import LinkproofError
from linkproof.show import did_you_mean, show

Entry = TypeVar("Entry", bound=BaseModel)


def _empty_for_nothing(value: object) -> object:
    """`brand:` without a value is `brand: {}`."""
    return {} if value is None else value


@cache
def account_form() -> type[AccountForm]:
    """What one account name means at each vendor that the registry knows."""
    fields: dict[str, Any] = {
        name: (Annotated[form, BeforeValidator(_empty_for_nothing)], form())
        for name, form in ((name, registry.vendor(name).account.Options) for name in registry.vendors())
    }
    return create_model("Account", __base__=AccountForm, **fields)


@cache
def secrets_form() -> type[AccountForm]:
    """The secrets of one account, of all vendors side by side; what is not given is taken from the environment."""
    forms = tuple(registry.vendor(name).account.Secrets for name in registry.vendors())
    return create_model("Secrets", __base__=forms)


class CredentialsError(LinkproofError):
    """The stack's config says something of accounts that is not understood; nothing was registered or asked."""

    def __init__(self, problems: list[tuple[str, str, str]]) -> None:
        first, *more = problems
        lines = [f"{place}: {what}; fix: {fix}" for place, what, fix in more]
        super().__init__("\n".join([*lines, f"{first[0]}: {first[1]}"]), first[2])
        self.problems = problems


class UnknownAccountError(LinkproofError):
    """A zone or an edge names an account that the stack's config does not have."""

    def __init__(self, account: str, vendor: str, known: list[str], stack: str) -> None:
        near = did_you_mean(account, known)
        add = f"add it to Pulumi.{stack}.yaml under {ACCOUNTS}, as `{account}: {{{vendor}: {{…}}}}` (docs/accounts.md)"
        super().__init__(
            f"account {account!r} is not in config {ACCOUNTS} (it has: {', '.join(known) or 'none'})",
            f"{near} If not, {add}" if near.startswith("did you mean") else add,
        )
        self.account = account


class Credentials:
    """Every account of one stack.

    Args:
        accounts: as the config has them. `default` may be left out: it takes the environment's credentials.
        secrets: by account.
        stack: whose config it is; for messages.
    """

    def __init__(self, accounts: Mapping[str, BaseModel], secrets: Mapping[str, BaseModel], stack: str) -> None:
        self._accounts = accounts
        self._secrets = secrets
        self.stack = stack

    def options(self, vendor: str, account: str) -> Any:
        """One account's options at one vendor, in the vendor's own form.

        Raises:
            UnknownAccountError: the config has no account of that name.
        """
        if account not in self._accounts and account != DEFAULT:
            raise UnknownAccountError(account, vendor, sorted(self._accounts), self.stack)
        given = self._accounts.get(account)
        return registry.vendor(vendor).account.Options() if given is None else getattr(given, vendor)

    def secrets(self, vendor: str, account: str) -> Any:
        """One account's secrets at one vendor, in the vendor's own form."""
        given = self._secrets.get(account)
        form = registry.vendor(vendor).account.Secrets
        return form.model_construct(**{name: getattr(given, name, None) for name in form.model_fields})


def read_credentials(accounts: object, secrets: object, stack: str) -> Credentials:
    """Read config `linkproof:accounts` and `linkproof:secrets`, each an object, its JSON text, or None.

    Raises:
        CredentialsError: with every problem; no value is ever shown.
    """
    problems: list[tuple[str, str, str]] = []
    raw_accounts, raw_secrets = (_mapping(value) for value in (accounts, secrets))
    for key, raw in ((ACCOUNTS, raw_accounts), (SECRETS, raw_secrets)):
        if raw is None:
            problems.append((_place(stack, key, ()), "expected a mapping by account", f"write `{key}: {{}}`"))
    raw_accounts, raw_secrets = raw_accounts or {}, raw_secrets or {}
    found_accounts = _read(raw_accounts, account_form(), ACCOUNTS, stack, problems)
    found_secrets = _read(raw_secrets, secrets_form(), SECRETS, stack, problems)
    for name in sorted(set(raw_secrets) - set(raw_accounts) - {DEFAULT}):
        fix = did_you_mean(name, [*raw_accounts, DEFAULT])
        problems.append((_place(stack, SECRETS, (name,)), f"there is no account {show(name)} in {ACCOUNTS}", fix))
    if problems:
        raise CredentialsError(problems)
    return Credentials(found_accounts, found_secrets, stack)


def _mapping(value: object) -> dict[str, Any] | None:
    """The value as a mapping, empty where there is none; None when it is something else."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return None
    if value is None:
        return {}
    return {str(key): entry for key, entry in value.items()} if isinstance(value, Mapping) else None


def _read(
    value: Mapping[str, Any],
    form: type[Entry],
    key: str,
    stack: str,
    problems: list[tuple[str, str, str]],
) -> dict[str, Entry]:
    adapter: TypeAdapter[dict[str, Entry]] = TypeAdapter(
        dict[str, Annotated[form, BeforeValidator(_empty_for_nothing)]]  # type: ignore[valid-type]
    )
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        problems += [_problem(dict(found), form, key, stack) for found in error.errors(include_input=False)]
        return {}


def _problem(found: Mapping[str, Any], form: type[BaseModel], key: str, stack: str) -> tuple[str, str, str]:
    location: tuple[Any, ...] = found["loc"]
    place = _place(stack, key, location)
    if found["type"] == "extra_forbidden":
        known = list(_names(_form_at(form, location[1:-1])))
        return place, f"unknown key {show(str(location[-1]))}", did_you_mean(str(location[-1]), known)
    said = str(found["msg"]).removeprefix("Value error, ")
    return place, said[:1].lower() + said[1:], "correct it there; docs/accounts.md has every key"


def _place(stack: str, key: str, location: tuple[object, ...]) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return f"Pulumi.{stack}.yaml: {key}{path}"


def _names(form: type[BaseModel]) -> Iterator[str]:
    for name, field in form.model_fields.items():
        yield field.alias or name


def _form_at(form: type[BaseModel], location: tuple[object, ...]) -> type[BaseModel]:
    """The form that is meant at a place below another one."""
    for part in location:
        for field in form.model_fields.values():
            if field.alias == part:
                form = _inner(field.annotation) or form
    return form


def _inner(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _inner(part)) is not None), None)
