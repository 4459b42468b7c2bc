"""The password of a subuser that is made: a secret of the stack, which no file and no answer has."""

from __future__ import annotations

import os
import re

from linkproof.contract.vendor import SECRETS
from linkproof.senders.sendgrid.account import Secrets

_VARIABLE = "SENDGRID_SUBUSER_PASSWORD_"


def variable_of(username: str) -> str:
    """The environment variable that has it where the stack's config does not: `SENDGRID_SUBUSER_PASSWORD_KARTE_MAIL` of `karte-mail`."""
    return _VARIABLE + re.sub(r"[^A-Z0-9]", "_", username.upper())


def password_of(username: str, secrets: Secrets) -> str | None:
    """None where there is none: only the deployment that makes the subuser needs it."""
    given = (secrets.sendgrid_subuser_passwords or {}).get(username)
    return given.get_secret_value() if given is not None else os.environ.get(variable_of(username)) or None


def way_to_set(username: str) -> str:
    """How a person gives it, for a message."""
    path = f'{SECRETS}.ACCOUNT.sendgridSubuserPasswords["{username}"]'
    return f"give it: `pulumi config set --secret --path '{path}'`, or {variable_of(username)} of the environment"
