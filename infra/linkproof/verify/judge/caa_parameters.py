"""The conditions that an `issue` property sets beside its CA: `accounturi` and `validationmethods` (RFC 8657)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkproof.verify.result import Severity

# They document that they obey both parameters; ballot SC-098 of the CA/Browser Forum makes every public CA obey from 2027-03-15.
OBEY_TODAY: Final = frozenset({"letsencrypt.org", "pki.goog"})
_LATER: Final = "; a CA may still ignore it today, and must obey from 2027-03-15 (CA/Browser Forum, ballot SC-098)"
# RFC 8659 §4.2: `tag = value`, of visible characters without the semicolon.
_PARAMETER: Final = re.compile(r"([a-z0-9]+(?:-+[a-z0-9]+)*)[ \t]*=[ \t]*([\x21-\x3a\x3c-\x7e]*)", re.IGNORECASE)
_LABEL: Final = re.compile(r"[a-z0-9]+(?:-+[a-z0-9]+)*", re.IGNORECASE)
_URI: Final = re.compile(r"[a-z][a-z0-9+.-]*:[\x21-\x7e]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Unmet:
    """Why a property that names the CA does not let the edge have a certificate.

    Args:
        severity: a warning where the CA may pass over it today, or nobody outside can tell whose account it is.
    """

    text: str
    severity: Severity


def unmet(ca: str, parameters: str, methods: Sequence[str], account: str = "") -> Unmet | None:
    """The condition that the edge does not meet; None when there is none.

    Args:
        ca: the CA's domain, lower case.
        parameters: the text after the first semicolon.
        methods: how the edge lets the CA validate; empty where that is not known, and then not judged.
        account: the URI of the account that orders; empty where an edge orders, with one of its own.
    """
    given: dict[str, list[str]] = {}
    for part in filter(None, (part.strip() for part in parameters.split(";"))):
        found = _PARAMETER.fullmatch(part)
        if found is None:
            # RFC 8659 §4.2: a value that is not well formed authorizes nobody
            return Unmet(f"{part[:80]!r} is no parameter, so the whole property authorizes nobody", "error")
        given.setdefault(found[1].lower(), []).append(found[2])
    return _account(ca, given.get("accounturi", []), account) or _method(
        ca, given.get("validationmethods", []), methods
    )


def _account(ca: str, uris: list[str], account: str) -> Unmet | None:
    if not uris or uris == [account]:
        return None
    if len(uris) > 1 or not _URI.fullmatch(uris[0]):
        what = "stands twice" if len(uris) > 1 else "holds no URI"
        return _dated(ca, f"accounturi {what}, so nobody can satisfy it (RFC 8657 §3)")
    if account:
        return _dated(ca, f"accounturi binds {ca} to the account {uris[0][:120]}, and the one that orders is {account}")
    text = f"accounturi binds {ca} to the account {uris[0][:120]}, and the edge orders with an account of its own, not with yours"
    return Unmet(text + ("" if ca in OBEY_TODAY else _LATER), "warning")


def _method(ca: str, values: list[str], methods: Sequence[str]) -> Unmet | None:
    if not values:
        return None
    labels = [label.strip().lower() for label in values[0].split(",")] if values[0] else []
    if len(values) > 1 or not all(_LABEL.fullmatch(label) for label in labels):
        what = "stands twice" if len(values) > 1 else "holds no list of labels"
        return _dated(ca, f"validationmethods {what}, so nobody can satisfy it (RFC 8657 §4)")
    if not methods or set(labels) & {method.lower() for method in methods}:
        return None
    allowed = ", ".join(labels)[:120] or "no method at all"
    return _dated(ca, f"validationmethods allows {allowed}, and what is used is {', '.join(methods)}")


def _dated(ca: str, text: str) -> Unmet:
    return Unmet(text, "error") if ca in OBEY_TODAY else Unmet(text + _LATER, "warning")
