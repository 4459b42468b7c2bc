"""A primary server with an account's own key, for the commands that must look themselves."""

from __future__ import annotations

from linkproof.contract.vendor import ACCOUNTS, says_itself, secret_of
from linkproof.dns.rfc2136.account import Options, Secrets
from linkproof.dns.rfc2136.exchange import Exchange
from linkproof.dns.rfc2136.primary import Primary
from linkproof.dns.rfc2136.secret import secret_octets
from linkproof.errors import LinkproofError

SECRET_VARIABLE = "RFC2136_TSIG_SECRET"  # noqa: S105 - the name of a variable


def client(account: str, options: Options, secrets: Secrets, stack: str) -> Primary:
    """Raises:
    LinkproofError: the account names no server or key, or there is no secret.
    """
    missing = [name for name, value in (("server", options.server), ("keyName", options.key_name)) if not value]
    if options.server is None or options.key_name is None:
        raise LinkproofError(
            f"account {account} does not say {' and '.join(missing)} of its primary server",
            f"write {ACCOUNTS}.{account}.rfc2136: {{server: …, keyName: …}} in Pulumi.{stack}.yaml",
        )
    given = secrets.rfc2136_tsig_secret
    secret = secret_of(given, SECRET_VARIABLE, "TSIG secret", account, "rfc2136TsigSecret", stack)
    return Primary(Exchange(options.server, options.port, options.key_name, options.algorithm, secret_octets(secret)))


asking = says_itself
