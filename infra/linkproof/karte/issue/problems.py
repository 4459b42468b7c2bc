"""What a CA refuses, in plain words with what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import requests
from acme import errors, messages
from josepy.errors import Error as JoseError

from linkproof.errors import LinkproofError

_AGAIN = "run this again"
# By the error types of RFC 8555 §6.7. What the CA says itself stands in the problem.
_FIXES = {
    "rateLimited": "wait until the time that it names; nothing is gained by trying before, and failed orders count too",
    "caa": "let CAA of the host, or of the next name above that has any, allow this CA, and wait for its TTL; then run this again",
    "dns": "see that every server of the host's zone answers TXT and CAA, then run this again",
    "dnssec": "put the zone's signatures right (`linkproof verify` names what is wrong), then run this again",
    "unauthorized": "the CA saw another text than every server here gave: an older answer, or a server that is asked from"
    " elsewhere; wait for the TTL of the name, then run this again",
    "incorrectResponse": "the CA saw another text than every server here gave: an older answer, or a server that is asked"
    " from elsewhere; wait for the TTL of the name, then run this again",
    "rejectedIdentifier": "this CA does not issue for the host, by its own rules: ask it, or name another directory",
    "unsupportedIdentifier": "this CA does not issue for such a name: name another directory",
    "externalAccountRequired": "get a key id and a key from the CA's own page, and give them with --eab-kid and --eab-key",
    "badNonce": "its servers disagree among themselves: run this again in a minute",
    "accountDoesNotExist": "the CA has forgotten the account of this key: move the key's file away, and run this again",
    "userActionRequired": "do what it asks for (its terms may have changed), then run this again",
    "invalidContact": "correct `contact` in the declaration",
    "unsupportedContact": "correct `contact` in the declaration",
    "badSignatureAlgorithm": "the account's key is of a kind that this CA does not take: give another with --account-key",
    "badPublicKey": "the account's key is of a kind that this CA does not take: give another with --account-key",
    "serverInternal": "run this again later; the CA's status page may say more",
}


class CaError(LinkproofError):
    """The CA refused, or gave no answer.

    Args:
        kind: the error type of RFC 8555 §6.7 without its prefix; empty where the CA gave none.
    """

    def __init__(self, problem: str, fix: str, kind: str = "") -> None:
        super().__init__(problem, fix)
        self.kind = kind


@contextmanager
def asking(directory: str, step: str) -> Iterator[None]:
    """Around calls of the CA.

    Args:
        directory: its URL.
        step: what is asked for; for messages.

    Raises:
        CaError: it refused, cannot be reached, or answers what is no ACME.
    """
    place = f"{directory}: {step}"
    try:
        yield
    except messages.Error as error:
        raise _said(place, error) from error
    except errors.IssuanceError as error:
        raise _said(place, error.error) from error
    except errors.ValidationError as error:
        challenges = [one for authorization in error.failed_authzrs for one in authorization.body.challenges]
        found = next((one.error for one in challenges if one.error is not None), None)
        if found is None:
            raise CaError(f"{place}: the CA could not validate the host, and does not say why", _AGAIN) from error
        raise _said(place, found) from error
    except errors.TimeoutError as error:
        raise CaError(
            f"{place}: the CA did not come to an end in time", "run this again with a longer --wait"
        ) from error
    except requests.RequestException as error:
        what = type(error).__name__
        trust = (
            "; a CA of your own is trusted with --ca FILE" if isinstance(error, requests.exceptions.SSLError) else ""
        )
        raise CaError(
            f"{place}: the CA cannot be reached ({what})", f"see that the URL is right and reachable{trust}"
        ) from error
    except (errors.Error, JoseError, ValueError) as error:
        raise no_acme(place, error) from error


def no_acme(place: str, error: Exception) -> CaError:
    return CaError(
        f"{place}: what came is no answer of an ACME server ({type(error).__name__})",
        "give the URL of its directory, as https://acme-v02.api.letsencrypt.org/directory",
    )


def _said(place: str, error: messages.Error) -> CaError:
    kind = str(error.typ).rpartition(":")[2]
    parts = [error.detail or error.title or "no more is said", *(one.detail or "" for one in error.subproblems or ())]
    text = "; ".join(part for part in parts if part)[:1000]
    return CaError(f"{place}: refused ({kind}): {text}", _FIXES.get(kind, "do what it says, then run this again"), kind)
