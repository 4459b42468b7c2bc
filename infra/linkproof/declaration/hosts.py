"""From what a person wrote to a host name, or to a problem that shows both of its forms."""

from __future__ import annotations

from typing import Final

from linkproof.declaration.problem import Place, Problem
from linkproof.names import HostName, InvalidHostNameError
from linkproof.show import show

# U-labels are shorter on paper than on the wire, so nothing longer can be a name; and IDNA is slow on long text.
_MOST_CHARACTERS: Final = 254


def parse_host(text: str, path: str, place: Place) -> tuple[HostName | None, Problem | None]:
    """The host name, or the problem that keeps it from being one."""
    if len(text) > _MOST_CHARACTERS:
        message = f"{show(text)} has {len(text)} characters, a host name at most 253"
        return None, Problem("names.host-name", place, path, message, "shorten it")
    if "*" in text:
        message = f"{show(text)} is a wildcard; senders, certificates and KARTE need one exact host"
        return None, Problem("names.wildcard", place, path, message, "write the exact host name")
    try:
        host = HostName.parse(text)
    except InvalidHostNameError as error:
        message = f"{show(text)} is not a host name: {error.reason}"
        return None, Problem("names.host-name", place, path, message, error.fix)
    wrong = _wrong_a_label(host)
    if wrong:
        message = f"{show(text)} is {host} on the wire, and its label {show(wrong)} stands for no Unicode label"
        return None, Problem("names.a-label", place, path, message, "write the name in Unicode; it is encoded for you")
    return host, None


def _wrong_a_label(host: HostName) -> str | None:
    """The first label that looks like an A-label and is none (RFC 5891 §4.2)."""
    if "xn--" not in host.text:
        return None
    import idna

    for label in host.labels:
        if label.startswith("xn--"):
            try:
                idna.ulabel(label)
            except (idna.IDNAError, UnicodeError):
                return label
    return None
