"""The keys of `senders.<key>` with `provider: sparkpost`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from linkproof.contract.options import READ_WHOLE, Form, SenderOptions, Text

_HOST = r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$"


class ManageForm(Form):
    """What is made at SparkPost, with the account's key; an entry without `manage` has records alone."""

    subaccount: Annotated[
        Annotated[int, Field(ge=1), READ_WHOLE] | None,
        Field(description="The number of the subaccount whose tracking domains they are, from their creation on."),
    ] = None
    default: Annotated[
        Text | None, Field(description="The key of the link that writes where a sending domain names none.")
    ] = None
    sending_domains: Annotated[
        dict[Annotated[str, StringConstraints(pattern=_HOST)], Text] | None,
        Field(description="Sending domains that exist: the key of the link that writes for each."),
    ] = None


def _empty_for_nothing(value: Any) -> Any:
    """`manage:` with nothing below it manages the links."""
    return {} if value in (None, "") else value


class Options(SenderOptions):
    """A SparkPost account."""

    provider: Literal["sparkpost"]
    region: Annotated[
        Literal["us", "eu", "enterprise"],
        Field(description="Of the account; `eu` has a target of its own, an enterprise account says its `target`."),
    ] = "us"
    target: Annotated[
        Annotated[str, StringConstraints(pattern=_HOST)] | None,
        Field(description="Of an enterprise account: its tracking endpoint, `<tenant>.et.e.sparkpost.com` as a rule."),
    ] = None
    manage: Annotated[
        ManageForm | None,
        BeforeValidator(_empty_for_nothing),
        Field(description="`{}`: its tracking domains are made and verified here; more keys manage more."),
    ] = None
