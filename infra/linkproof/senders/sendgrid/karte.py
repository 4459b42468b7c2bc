"""KARTE's SendGrid plugin, from one block of the declaration: its domain, keys and webhook, in the order of KARTE's own guide.

Source: KARTE's guide to its integration with SendGrid (SendGridとKARTEをAPI連携). Its key has Mail Send and Stats Overview, and no other right.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Final

from linkproof.contract.declared import Sender
from linkproof.contract.items import Item
from linkproof.contract.vendor import SECRETS
from linkproof.errors import LinkproofError
from linkproof.senders.sendgrid.account import Options, Secrets
from linkproof.senders.sendgrid.domains import domain_items
from linkproof.senders.sendgrid.items import ApiKey, DomainAssignment, EventWebhook, subuser_of
from linkproof.senders.sendgrid.options import DomainForm, KarteForm

NAME: Final = "KARTE"
SCOPES: Final = ("mail.send", "stats.read")
BASE_URL: Final = "https://t.karte.io"
KEY_VARIABLE: Final = "KARTE_API_KEY"
_KEY = re.compile(r"[A-Za-z0-9_-]{8,128}")


def key_resource(sender: Sender, word: str) -> str:
    """The engine's name of one key."""
    return f"{sender.options.manage.subuser or sender.account}/{NAME}-{word}"


def hook_path(key: str) -> str:
    """Where KARTE takes events."""
    return f"/hook/{key}/sendgrid/event"


def hook_url(account: str, options: Options, secrets: Secrets) -> str:
    """The URL with the stack's secret in it: nobody is ever shown it.

    Raises:
        LinkproofError: there is no KARTE key for the account, or it is none.
    """
    secret = secrets.karte_api_key
    key = secret.get_secret_value() if secret else os.environ.get(KEY_VARIABLE, "")
    way = f"`pulumi config set --secret --path {SECRETS}.{account}.karteApiKey`, or {KEY_VARIABLE} of the environment"
    if not key:
        raise LinkproofError(
            f"no KARTE API key for account {account}: the event webhook's URL has it", f"set it: {way}"
        )
    if not _KEY.fullmatch(key):
        raise LinkproofError(
            f"the KARTE API key of account {account} has other characters than letters, digits, - and _, or is no key",
            f"copy the key alone, without the URL: {way}",
        )
    return (options.karte_base_url or BASE_URL).rstrip("/") + hook_path(key)


def items(sender: Sender) -> Iterator[Item]:
    """Domain, its records and validation, the subuser's share of it, keys, webhook."""
    manage, path = sender.options.manage, f"{sender.path}.manage.karte"
    form: KarteForm = manage.karte
    subuser: str | None = manage.subuser
    needed = subuser_of(sender.account, subuser)
    validated: tuple[str, ...] = ()
    if form.subdomain is not None:
        made = tuple(domain_items(sender, f"{path}.subdomain", form.domain, DomainForm(subdomain=form.subdomain)))
        validated = (made[-1].resource,)
        yield from made
    if subuser is not None:
        name = f"{sender.account}/{subuser}/domain"
        share = (*validated, *needed)
        yield DomainAssignment(name, f"{path}.from_address", form.domain, subuser, sender.account, share)
    for word in form.keys:
        # The engine refuses to delete what is protected: so the last key goes only once another has come after it.
        yield ApiKey(
            key_resource(sender, word),
            f"{path}.keys",
            f"{NAME}-{word}",
            sender.account,
            SCOPES,
            "1",
            subuser,
            protect=word == form.keys[-1],
            needs=needed,
        )
    whose = subuser or sender.account
    url = f"{BASE_URL}{hook_path('[secret]')}"
    # Unsigned, as the guide has it; every event, of delivery and of engagement.
    yield EventWebhook(
        f"{whose}/{NAME}", path, NAME, sender.account, url, None, False, subuser, has_secret=True, needs=needed
    )
