"""What an account name of the declaration means: one strict form per vendor, read from the stack's config.

The engine's providers and our own clients are made from the same form, so that both look into the same place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, TypeVar, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic.alias_generators import to_camel

from linkproof.declaration.show import did_you_mean, show
from linkproof.errors import LinkproofError

DEFAULT = "default"
ACCOUNTS = "linkproof:accounts"
SECRETS = "linkproof:secrets"

_DURATION = re.compile(r"(?:\d+h)?(?:\d+m)?(?:\d+s)?")
_UNITS = {"h": 3600, "m": 60, "s": 1}
# STS AssumeRole: DurationSeconds is 900 to 43200.
_SHORTEST_SECONDS, _LONGEST_SECONDS = 900, 43200

Text = Annotated[str, Field(min_length=1)]
Secret = Annotated[SecretStr, Field(min_length=1)]
Entry = TypeVar("Entry")


class _Form(BaseModel):
    """Keys as the vendor's provider writes them, in camel case; an unknown one is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel)


def duration_seconds(text: str) -> int:
    """Of `1h`, `90m`, `1h30m`.

    Raises:
        ValueError: it is not written so, or is not what AWS allows.
    """
    if not text or not _DURATION.fullmatch(text):
        raise ValueError("write a duration as 1h, 90m or 1h30m")
    seconds = sum(int(number) * _UNITS[unit] for number, unit in re.findall(r"(\d+)([hms])", text))
    if not _SHORTEST_SECONDS <= seconds <= _LONGEST_SECONDS:
        raise ValueError("a role is assumed for 15m to 12h")
    return seconds


def _checked_duration(text: object) -> object:
    if isinstance(text, str):
        duration_seconds(text)
    return text


class AssumeRole(_Form):
    """One role of a chain: each is assumed with the keys of the one before it."""

    role_arn: Annotated[str, Field(pattern=r"^arn:[\w-]+:iam::\d{12}:role/.+$")]
    session_name: Text | None = None
    external_id: Text | None = None
    duration: Annotated[Text, BeforeValidator(_checked_duration)] | None = None
    policy: Text | None = None
    policy_arns: list[Text] | None = None
    source_identity: Text | None = None
    tags: dict[str, str] | None = None
    transitive_tag_keys: list[Text] | None = None


class Endpoints(_Form):
    """Where a service is reached, of those that are used; elsewhere it is AWS."""

    acm: Text | None = None
    cloudfront: Text | None = None
    route53: Text | None = None
    sts: Text | None = None


class AwsOptions(_Form):
    """Of an AWS account; without `profile` and keys the environment's credentials are used."""

    region: Text = "us-east-1"
    profile: Text | None = None
    assume_roles: list[AssumeRole] = []
    endpoints: list[Endpoints] = []
    skip_credentials_validation: bool | None = None
    skip_metadata_api_check: bool | None = None
    skip_region_validation: bool | None = None
    skip_requesting_account_id: bool | None = None

    def endpoint(self, service: str) -> str | None:
        given = (getattr(entry, service) for entry in self.endpoints)
        return next((url for url in given if url is not None), None)


class CloudflareOptions(_Form):
    """Of a Cloudflare account."""

    base_url: Text | None = None


def _empty_for_nothing(value: object) -> object:
    """`brand:` without a value is `brand: {}`."""
    return {} if value is None else value


class Account(_Form):
    """What one account name means at each vendor."""

    aws: Annotated[AwsOptions, BeforeValidator(_empty_for_nothing)] = AwsOptions()
    cloudflare: Annotated[CloudflareOptions, BeforeValidator(_empty_for_nothing)] = CloudflareOptions()


class Secrets(_Form):
    """The secrets of one account; what is not given is taken from the environment."""

    cloudflare_api_token: Secret | None = None
    aws_access_key: Secret | None = None
    aws_secret_key: Secret | None = None

    @model_validator(mode="after")
    def _keys_come_in_pairs(self) -> Secrets:
        if (self.aws_access_key is None) != (self.aws_secret_key is None):
            raise ValueError("awsAccessKey and awsSecretKey belong together: give both or neither")
        return self


_ACCOUNTS = TypeAdapter(dict[str, Annotated[Account, BeforeValidator(_empty_for_nothing)]])
_SECRETS = TypeAdapter(dict[str, Annotated[Secrets, BeforeValidator(_empty_for_nothing)]])


class CredentialsError(LinkproofError):
    """The stack's config says something of accounts that is not understood; nothing was registered or asked."""

    def __init__(self, problems: list[tuple[str, str, str]]) -> None:
        first, *more = problems
        lines = [f"{place}: {what}; fix: {fix}" for place, what, fix in more]
        super().__init__("\n".join([*lines, f"{first[0]}: {first[1]}"]), first[2])
        self.problems = problems


class UnknownAccountError(LinkproofError):
    """A zone or an edge names an account that the stack's config does not have."""

    def __init__(self, account: str, known: list[str], stack: str) -> None:
        near = did_you_mean(account, known)
        add = f"add it to Pulumi.{stack}.yaml under {ACCOUNTS}, as `{account}: {{aws: {{profile: …}}}}`"
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

    def __init__(self, accounts: Mapping[str, Account], secrets: Mapping[str, Secrets], stack: str) -> None:
        self._accounts = accounts
        self._secrets = secrets
        self.stack = stack

    def account(self, name: str) -> Account:
        """The options of one account.

        Raises:
            UnknownAccountError: the config has no account of that name.
        """
        if name not in self._accounts and name != DEFAULT:
            raise UnknownAccountError(name, sorted(self._accounts), self.stack)
        return self._accounts.get(name, Account())

    def secrets(self, name: str) -> Secrets:
        return self._secrets.get(name, Secrets())


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
    found_accounts = _read(raw_accounts, _ACCOUNTS, Account, ACCOUNTS, stack, problems)
    found_secrets = _read(raw_secrets, _SECRETS, Secrets, SECRETS, stack, problems)
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
    adapter: TypeAdapter[dict[str, Entry]],
    form: type[BaseModel],
    key: str,
    stack: str,
    problems: list[tuple[str, str, str]],
) -> dict[str, Entry]:
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
