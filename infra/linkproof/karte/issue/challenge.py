"""The text that proves the host to the CA: where it belongs, written, waited for, and taken away again."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING, Any

from linkproof import registry
from linkproof.errors import LinkproofError
from linkproof.names import HostName
from linkproof.verify.challenge import TextPlace, find_text_place, not_served

if TYPE_CHECKING:
    from linkproof.contract.challenge import DnsChallenge
    from linkproof.declaration.model import Declaration
    from linkproof.verify.options import VerifyOptions

ClientOf = Callable[[str, str], Any]
"""From a vendor and an account to the vendor's client."""
Say = Callable[[str], None]
LABEL = "_acme-challenge"
_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.5, 15.0


@dataclass(frozen=True, slots=True)
class Writing:
    """How texts come into the zone at the end of the name's CNAMEs.

    Args:
        place: where the CA looks.
        writer: None where a person writes it.
        client: of the zone's account; None likewise.
        zone_id: of the zone at its DNS host; its name where zones have no id there.
        around: for calls of the client, so that its errors are ours.
    """

    place: TextPlace
    writer: DnsChallenge | None
    client: Any
    zone_id: str
    around: Callable[[], AbstractContextManager[None]]

    @property
    def name(self) -> str:
        """Without trailing dot."""
        return self.place.chain[-1].removesuffix(".")


def find_writing(
    host: HostName, declaration: Declaration, challenge_zone: str | None, client_of: ClientOf, options: VerifyOptions
) -> Writing:
    """Where the text for this host belongs, and how it comes there. Writes nothing.

    Args:
        challenge_zone: the declared zone that the name is said to lead to; None where it leads nowhere.

    Raises:
        LinkproofError: DNS does not say it, or it belongs to no declared zone, or not to the one that is said.
    """
    name = f"{LABEL}.{host.text}"
    place = find_text_place(name, options)
    if place.problem:
        raise LinkproofError(
            f"{name}: where the CA will look for its text cannot be told: {place.problem}",
            "see that the zone's servers answer, then run this again",
        )
    last = place.chain[-1].removesuffix(".")
    leads = f"{name} leads to {last}, in" if len(place.chain) > 1 else f"{name} is in"
    held = place.zone.removesuffix(".")
    if challenge_zone is not None and HostName.parse(challenge_zone).text != held:
        raise LinkproofError(
            f"{leads} the zone {held or 'of the root'}, and `challenge_zone` says {challenge_zone}",
            f"publish {name} CNAME with a target in {challenge_zone}, or correct `challenge_zone`",
        )
    zone = next((one for one in declaration.zones.values() if one.name.text == held), None)
    if zone is None:
        raise LinkproofError(
            f"{leads} the zone {held or 'of the root'}, which is not declared",
            f"add {held} under `zones:`"
            + (
                ", and name it as `challenge_zone`"
                if len(place.chain) > 1
                else f", or lead {name} by a CNAME to one that is"
            ),
        )
    plugin = registry.dns(zone.dns)
    zone_id = zone.id if plugin.facts.ZONE_ID is not None else zone.name.text
    if plugin.challenge is None or plugin.facts.VENDOR is None or zone_id is None:
        return Writing(place, None, None, "", _nothing)
    vendor = registry.vendor(plugin.facts.VENDOR)
    client, account = client_of(plugin.facts.VENDOR, zone.account), zone.account
    return Writing(place, plugin.challenge, client, zone_id, lambda: vendor.client.asking(f"{last} TXT", account))


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@contextmanager
def served(writing: Writing, text: str, options: VerifyOptions, wait_seconds: float, say: Say) -> Iterator[None]:
    """Within, every authoritative server leads the CA to the text. Afterwards it is gone, whatever happened.

    Args:
        wait_seconds: how long the servers may take.
        say: tells a person what is done and what is to do.

    Raises:
        LinkproofError: it could not be written, or not every server had it in time; each that had not is named.
    """
    with _noticed() as refuse_to_go_on:
        try:
            _write(writing, text, say)
            _wait(writing, text, options, wait_seconds, refuse_to_go_on)
            yield
        finally:
            _take_away(writing, text, say)


def _write(writing: Writing, text: str, say: Say) -> None:
    if writing.writer is None:
        say(f'write this record by hand now, beside whatever stands there: {writing.name}. 60 TXT "{text}"')
    else:
        with writing.around():
            writing.writer.add(writing.client, writing.zone_id, writing.name, text)
        say(f"written: {writing.name} TXT; waiting until every server of {writing.place.zone} has it")


def _take_away(writing: Writing, text: str, say: Say) -> None:
    if writing.writer is None:
        say(f'take the record away again: {writing.name}. TXT "{text}"')
        return
    try:
        with undisturbed(say), writing.around():
            writing.writer.remove(writing.client, writing.zone_id, writing.name, text)
    except LinkproofError as error:
        # what ended the work before is the thing to say; this is one more
        say(f'left behind: {writing.name}. TXT "{text}" ({error.problem}); take it away by hand: it opens nothing')


@contextmanager
def undisturbed(say: Say) -> Iterator[None]:
    """Within, ^C and SIGTERM are answered and change nothing: it takes seconds."""
    if threading.current_thread() is not threading.main_thread():
        yield  # which signals do not reach
        return

    def answer(*_: object) -> None:
        say("ending: what was written into the zone is being taken away")

    before = {number: signal.signal(number, answer) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _noticed() -> Iterator[Callable[[], None]]:
    """Within, ^C and SIGTERM do what they did, and are remembered.

    What they raise may be lost: Python goes on after an exception in a finalizer, and an HTTP client's connections have some.

    Yields:
        What raises KeyboardInterrupt once one of them has come.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: None  # which signals do not reach
        return
    came: list[int] = []
    before: dict[int, Callable[[int, FrameType | None], Any]] = {}

    def notice(number: int, frame: FrameType | None) -> None:
        came.append(number)
        before[number](number, frame)

    def refuse_to_go_on() -> None:
        if came:
            raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        handler = signal.getsignal(number)
        if callable(handler):
            before[number] = handler
            signal.signal(number, notice)
    try:
        yield refuse_to_go_on
    finally:
        for each, was in before.items():
            signal.signal(each, was)


def _wait(
    writing: Writing, text: str, options: VerifyOptions, wait_seconds: float, refuse_to_go_on: Callable[[], None]
) -> None:
    deadline = time.monotonic() + wait_seconds
    pause = _PAUSE_SECONDS
    while problems := not_served(writing.place.chain, text, options):
        refuse_to_go_on()
        if time.monotonic() >= deadline:
            hand = "write it" if writing.writer is None else "see whether the zone's servers follow their DNS host"
            raise LinkproofError(
                f"{writing.name} TXT: not every authoritative server has the text, so the CA was not asked to look: "
                + "; ".join(problems),
                f"{hand}, and run this again with a longer --wait",
            )
        time.sleep(min(pause, max(0.0, deadline - time.monotonic())))
        pause = min(_LONGEST_PAUSE_SECONDS, pause * 1.5)
    refuse_to_go_on()
