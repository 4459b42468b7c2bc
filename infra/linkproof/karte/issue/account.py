"""The account at the CA: a key in a file of the user's alone, registered once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from acme import client, errors, messages
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from josepy.jwa import ES256, RS256
from josepy.jwk import JWK, JWKEC, JWKRSA
from requests.adapters import HTTPAdapter

from linkproof.errors import LinkproofError
from linkproof.karte.issue.problems import CaError, asking, no_acme
from linkproof.karte.output import KEY_MODE, write_new
from linkproof.verify.observe.edge.certificates import InvalidTrustFileError

TIMEOUT_SECONDS = 45
# The library asks once more itself. Nonces run out while DNS is waited for, and several servers of a CA may not share them.
_NONCE_ATTEMPTS = 4
_BASE64URL = re.compile(r"[A-Za-z0-9_-]{16,}={0,2}")
_REGISTERING = "registering the account"


@dataclass(frozen=True, slots=True)
class Registration:
    """What a CA asks for when an account is made; nothing of it once there is one.

    Args:
        contact: a mail address.
        agrees: the user has agreed to the CA's terms.
        eab_kid: of an account that the user has at the CA already (external account binding, RFC 8555 §7.3.4).
        eab_key: its key, base64url; a secret.
    """

    contact: str | None = None
    agrees: bool = False
    eab_kid: str | None = None
    eab_key: str | None = None


class Network(client.ClientNetwork):
    """Asks again after `badNonce` more than once, and trusts a file beside the system's anchors."""

    def __init__(self, key: JWK, ca: Path | None) -> None:
        alg = ES256 if isinstance(key, JWKEC) else RS256
        super().__init__(key, alg=alg, user_agent="linkproof", timeout=TIMEOUT_SECONDS)
        if ca is not None:
            self.session.mount("https://", _TrustingAdapter(ca))

    def post(self, *args: Any, **kwargs: Any) -> requests.Response:
        for _ in range(_NONCE_ATTEMPTS - 1):
            try:
                return super().post(*args, **kwargs)
            except messages.Error as error:
                if error.code != "badNonce":
                    raise
                self._nonces.clear()
        return super().post(*args, **kwargs)


class _TrustingAdapter(HTTPAdapter):
    def __init__(self, ca: Path) -> None:
        self._ca = ca
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> Any:
        import ssl

        context = ssl.create_default_context()
        try:
            context.load_verify_locations(self._ca)
        except (OSError, ValueError) as error:
            raise InvalidTrustFileError(self._ca, str(error)) from error
        return super().init_poolmanager(*args, **kwargs, ssl_context=context)


def account_key_file(folder: Path, directory: str) -> Path:
    """Where the account's key of this CA is kept.

    Args:
        folder: of the stack, which git ignores.
    """
    url = urlsplit(directory)
    place = "".join(one if one.isalnum() or one in ".-" else "-" for one in f"{url.netloc}{url.path}".rstrip("/"))
    return folder / "acme" / f"{place}.key"


def account_key(file: Path) -> JWK:
    """Read the key; where there is no file, make one: P-256, which every CA takes (RFC 8555 §6.2).

    Raises:
        LinkproofError: the file cannot be read or written, is open to others, or has no key of these kinds.
    """
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return _made(file)
    except OSError as error:
        raise LinkproofError(f"{file}: {error.strerror}", "name a file that can be read with --account-key") from error
    if file.stat().st_mode & 0o077:
        raise LinkproofError(f"{file}: others on this machine can read the account's key", f"chmod 600 {file}")
    try:
        key = load_pem_private_key(data, password=None)
    except (ValueError, TypeError) as error:
        raise LinkproofError(
            f"{file}: no private key can be read",
            "name a PEM file with an unencrypted key, or one that is not there yet",
        ) from error
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name == "secp256r1":
        return JWKEC(key=key)
    if isinstance(key, rsa.RSAPrivateKey):
        return JWKRSA(key=key)
    raise LinkproofError(f"{file}: neither RSA nor P-256", "name another file with --account-key")


def _made(file: Path) -> JWK:
    key = ec.generate_private_key(ec.SECP256R1())
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")
    file.parent.mkdir(parents=True, exist_ok=True)
    write_new({file: (text, KEY_MODE)})
    return JWKEC(key=key)


def connect(directory: str, key: JWK, ca: Path | None) -> client.ClientV2:
    """A client of the CA, without an account yet.

    Args:
        ca: trust anchors beside the system's.

    Raises:
        CaError: there is no ACME directory.
    """
    network = Network(key, ca)
    step = "its directory"
    try:
        with asking(directory, step):
            found = client.ClientV2.get_directory(directory, network)
        _ = found["newAccount"], found["newOrder"], found["newNonce"]
    except (AttributeError, KeyError, TypeError) as error:  # some other JSON
        raise no_acme(f"{directory}: {step}", error) from error
    return client.ClientV2(found, network)


def register(at: client.ClientV2, directory: str, wanted: Registration) -> str:
    """Find the key's account, or make one.

    Returns:
        its URI.

    Raises:
        CaError: the CA refused.
        LinkproofError: the CA asks for what was not given.
    """
    uri = _existing(at, directory)
    if uri is not None:
        return uri
    meta = at.directory.meta
    if meta.terms_of_service and not wanted.agrees:
        raise LinkproofError(
            f"{directory}: {_REGISTERING}: it asks for agreement to {meta.terms_of_service}",
            "read them, and give --agree-terms once",
        )
    if meta.external_account_required and not (wanted.eab_kid and wanted.eab_key):
        raise LinkproofError(
            f"{directory}: {_REGISTERING}: it takes only those who have an account there already",
            "get a key id and a key from the CA's own page, and give them with --eab-kid and --eab-key once",
        )
    if wanted.eab_key and not _BASE64URL.fullmatch(wanted.eab_key):
        raise LinkproofError("--eab-key: no base64url", "give the key as the CA's page shows it, in a file of its own")
    with asking(directory, _REGISTERING):
        binding = None
        if wanted.eab_kid and wanted.eab_key:
            assert at.net.key is not None
            public = at.net.key.public_key()
            binding = messages.ExternalAccountBinding.from_data(public, wanted.eab_kid, wanted.eab_key, at.directory)
        made = at.new_account(
            messages.NewRegistration.from_data(
                email=wanted.contact, terms_of_service_agreed=wanted.agrees, external_account_binding=binding
            )
        )
    return str(made.uri)


def _existing(at: client.ClientV2, directory: str) -> str | None:
    with asking(directory, "looking for the account"):
        try:
            at.new_account(messages.NewRegistration(only_return_existing=True))
        except errors.ConflictError as found:
            account = messages.RegistrationResource(uri=found.location, body=messages.Registration())
            at.net.account = account
            return str(found.location)
        except messages.Error as error:
            if error.code == "accountDoesNotExist":
                return None
            if error.code == "unauthorized":  # RFC 8555 §7.3.6
                raise CaError(
                    f"{directory}: the account of this key was closed: {error.detail or 'no more is said'}",
                    "move the key's file away, or give another with --account-key; then run this again",
                    "unauthorized",
                ) from error
            raise
    return None
