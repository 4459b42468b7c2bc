"""The keys of `senders.<key>` with `provider: sendgrid`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from linkproof.contract.options import Flag, Form, SenderOptions, Text
from linkproof.senders.sendgrid.facts import Event


def _empty_for_nothing(value: Any) -> Any:
    """`manage:` with nothing below it is `manage: {}`; a subuser's name likewise."""
    return {} if value in (None, "") else value


class ApiKeyForm(Form):
    """An API key of the account; its text is in the state alone, as a secret."""

    scopes: Annotated[list[Text], Field(min_length=1, description="What it may do: `mail.send`, `stats.read`, …")]
    rotation: Annotated[
        Text, Field(description="Any word: another one makes a new key, and removes the old one after it.")
    ] = "1"


class EventWebhookForm(Form):
    """Where events are posted to, signed. A URL that holds a secret does not belong into this file."""

    url: Text
    events: Annotated[list[Event] | None, Field(min_length=1, description="All of them where none is named.")] = None
    signed: Flag = True


class SubuserForm(Form):
    """A subuser of the account. With `email` it is made; without, it is looked up. Its password is a secret of the stack."""

    email: Annotated[Text | None, Field(description="Where SendGrid writes to it; the API cannot change it.")] = None
    ips: Annotated[
        list[Text] | None, Field(min_length=1, description="The account's addresses that it sends from.")
    ] = None
    disabled: Annotated[Flag | None, Field(description="true: it sends nothing.")] = None

    @property
    def is_made(self) -> bool:
        """Whether this stack makes it."""
        return self.email is not None


class DomainForm(Form):
    """A domain from which the account may send."""

    subdomain: Annotated[Text, Field(description="A label below the domain, where bounces arrive: `em1`.")]
    automatic_security: Annotated[
        Flag, Field(description="false: you publish MX, SPF and the DKIM key, and SendGrid cannot change the key.")
    ] = True
    custom_spf: Annotated[
        Flag, Field(description="An SPF record with your addresses alone, without automatic security.")
    ] = False
    ips: Annotated[list[Text] | None, Field(min_length=1, description="What a custom SPF record allows.")] = None
    custom_dkim_selector: Annotated[
        Text | None,
        Field(description="Up to three letters or digits, where another account has SendGrid's own selectors."),
    ] = None
    default: Annotated[Flag | None, Field(description="Whether it signs where no domain fits.")] = None
    subusers: Annotated[list[Text] | None, Field(min_length=1, description="Subusers that send from it.")] = None


class KarteForm(Form):
    """KARTE's SendGrid plugin: the values of its page, and what SendGrid has for it. KARTE's own API key is a secret of the stack."""

    from_address: Annotated[Text, Field(description="送信アドレス; its domain is the one that is authenticated.")]
    from_name: Annotated[Text, Field(description="送信者名")]
    reply_to: Annotated[Text, Field(description="返信先アドレス; somebody reads it.")]
    notify: Annotated[
        Text | None, Field(description="通知先メールアドレス; warned before and at the limit of mails.")
    ] = None
    click_tracking: Annotated[Flag, Field(description="false: クリックトラッキングの無効化 is ticked.")] = True
    open_tracking: Annotated[Flag, Field(description="false: 開封トラッキングの無効化 is ticked.")] = True
    subdomain: Annotated[
        Text | None,
        Field(description="A label: the domain is authenticated here, with this name below it. Else it was before."),
    ] = None
    keys: Annotated[
        list[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")]],
        Field(
            min_length=1, max_length=2, description="A word for each API key; the last is the plugin's, and protected."
        ),
    ] = ["1"]  # noqa: RUF012 - pydantic copies it

    @property
    def domain(self) -> str:
        """Of the address that KARTE's mail is from, in lower case."""
        return self.from_address.rpartition("@")[2].lower()


class ManageForm(Form):
    """What is made at SendGrid, with the account's key; an entry without `manage` has records alone."""

    subusers: Annotated[
        dict[Text, Annotated[SubuserForm, BeforeValidator(_empty_for_nothing)]] | None,
        Field(description="Subusers of the account, by name: made where `email` is said, else looked up."),
    ] = None
    subuser: Annotated[Text | None, Field(description="Links are made for this subuser, with its owner host.")] = None
    default: Annotated[Text | None, Field(description="The key of the link that writes where no other fits.")] = None
    assign: Annotated[
        dict[Text, Text] | None,
        Field(description="Subusers that write with a link of this account: its key by their name."),
    ] = None
    click_tracking: Annotated[Flag | None, Field(description="The account's, or the subuser's.")] = None
    api_keys: Annotated[dict[Text, ApiKeyForm] | None, Field(description="By name.")] = None
    event_webhooks: Annotated[dict[Text, EventWebhookForm] | None, Field(description="By name.")] = None
    domains: Annotated[
        dict[Text, DomainForm] | None, Field(description="Authenticated domains, by name, with their records.")
    ] = None
    karte: Annotated[KarteForm | None, Field(description="For KARTE's SendGrid plugin.")] = None


class Options(SenderOptions):
    """A SendGrid account, or a subuser."""

    provider: Literal["sendgrid"]
    region: Annotated[Literal["us", "eu"], Field(description="Of the account; `eu` has targets of its own.")] = "us"
    manage: Annotated[
        ManageForm | None,
        BeforeValidator(_empty_for_nothing),
        Field(description="`{}`: its branded links are made, validated once and read here; more keys manage more."),
    ] = None

    def hosts(self) -> tuple[str, ...]:
        """The domains whose records are made here."""
        if self.manage is None:
            return ()
        own, form = tuple(name.lower() for name in self.manage.domains or ()), self.manage.karte
        return own if form is None or form.subdomain is None else (*own, form.domain)
