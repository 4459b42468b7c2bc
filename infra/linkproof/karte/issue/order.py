"""One order at the CA, from CAA to the chain; nothing is written but the text that proves the host, and that goes again."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from acme import challenges, client, messages
from cryptography.hazmat.primitives.serialization import Encoding

from linkproof.errors import LinkproofError
from linkproof.expectations.model import CaaExpectation
from linkproof.karte.issue.challenge import Say, Writing, served
from linkproof.karte.issue.issued import Issued
from linkproof.karte.issue.problems import asking
from linkproof.karte.request import make_request
from linkproof.names import HostName
from linkproof.verify.challenge import find_caa
from linkproof.verify.judge.caa import judge_caa

if TYPE_CHECKING:
    from linkproof.verify.options import VerifyOptions

METHOD = "dns-01"


def check_caa(host: HostName, cas: tuple[str, ...], account: str, options: VerifyOptions, say: Say) -> None:
    """That CAA lets this CA issue for the host by DNS, to this account.

    Args:
        cas: the names that the CA goes by in CAA, as its directory says.
        account: its URI.

    Raises:
        LinkproofError: CAA forbids it, or could not be looked up at every server.
    """
    if not cas:
        say("CAA was not judged: the CA's directory does not say by which name CAA allows it")
        return
    expectation = CaaExpectation(id="certificate/caa", host=host.text, cas=cas, methods=(METHOD,))
    for found in find_caa(host.text, options):
        cell = judge_caa(expectation, found, account)
        for warning in cell.warnings:
            say(f"note: CAA of {warning.asked_name.removesuffix('.')}: {warning.why}")
        if cell.finding is not None:
            wrong = cell.finding
            raise LinkproofError(
                f"CAA does not let this CA issue for {host}, so nothing was ordered: {wrong.observed}: {wrong.why}",
                f'add 0 issue "{cas[0]}" there, and wait for its TTL; then run this again',
            )
        if cell.state == "could-not-check":
            raise LinkproofError(
                f"whether CAA lets this CA issue for {host} cannot be told, so nothing was ordered: {cell.reason}",
                "see that the servers of its zones answer, then run this again",
            )


def order(
    at: client.ClientV2,
    directory: str,
    host: HostName,
    writing: Writing,
    options: VerifyOptions,
    wait_seconds: float,
    say: Say,
) -> Issued:
    """Order a certificate for a new key.

    Args:
        at: with its account.
        wait_seconds: how long DNS may take, and then the CA again.

    Raises:
        CaError: the CA refused.
        LinkproofError: the text could not be shown to it.
    """
    key, request = make_request(host)
    with asking(directory, f"the order for {host}"):
        made = at.new_order(request.public_bytes(Encoding.PEM))
    with ExitStack() as texts:
        for authorization in made.authorizations:
            if authorization.body.status == messages.STATUS_VALID:
                continue  # proved not long ago, to the same account
            asked = _dns_challenge(directory, host, authorization)
            text = asked.chall.validation(at.net.key)
            texts.enter_context(served(writing, text, options, wait_seconds, say))
            with asking(directory, f"the proof for {host}"):
                at.answer_challenge(asked, asked.chall.response(at.net.key))
        with asking(directory, f"the proof for {host}"):
            made = at.poll_authorizations(made, _deadline(wait_seconds))
    with asking(directory, f"the certificate for {host}"):
        done = at.finalize_order(made, _deadline(wait_seconds), fetch_alternative_chains=True)
    return Issued(key, (done.fullchain_pem, *(done.alternative_fullchains_pem or ())))


def _deadline(wait_seconds: float) -> datetime:
    """As the library counts: naive, local time."""
    return datetime.now() + timedelta(seconds=max(wait_seconds, 90))  # noqa: DTZ005


def _dns_challenge(directory: str, host: HostName, of: messages.AuthorizationResource) -> messages.ChallengeBody:
    for one in of.body.challenges:
        if isinstance(one.chall, challenges.DNS01):
            return one
    offered = ", ".join(one.chall.typ for one in of.body.challenges) or "nothing"
    raise LinkproofError(
        f"{directory}: the proof for {host}: the CA takes {offered}, and not {METHOD}", "name another directory"
    )
