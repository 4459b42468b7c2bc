"""What `linkproof karte issue` needs beside DNS: the account's key, the CA's refusals in words, the last pair written."""

from __future__ import annotations

import os
import signal
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from acme import errors, messages
from acme.client import ClientV2
from acme.messages import Directory
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from josepy.jwk import JWKEC, JWKRSA
from linkproof.commands.karte.issue import _terminated_as_interrupted
from linkproof.errors import LinkproofError
from linkproof.karte.bundle import last_written, write_issued
from linkproof.karte.issue.account import Network, Registration, account_key, account_key_file, connect, register
from linkproof.karte.issue.challenge import undisturbed
from linkproof.karte.issue.problems import CaError, asking
from linkproof.karte.refusal import RefusedError
from linkproof.names import HostName
from linkproof.verify.observe.edge.certificates import InvalidTrustFileError

from tests.chains import ec_key, intermediate, key_pem, pem, root, rsa_key
from tests.karte.conftest import HOST, own

DIRECTORY = "https://acme.test/v2/directory"


def refused(error: BaseException) -> CaError:
    with pytest.raises(CaError) as caught, asking(DIRECTORY, "the order"):
        raise error
    return caught.value


@pytest.mark.parametrize(
    ("kind", "fix"),
    [
        ("rateLimited", "wait until the time that it names"),
        ("caa", "let CAA of the host"),
        ("dns", "see that every server of the host's zone answers"),
        ("dnssec", "put the zone's signatures right"),
        ("unauthorized", "wait for the TTL of the name"),
        ("rejectedIdentifier", "by its own rules"),
        ("externalAccountRequired", "--eab-kid and --eab-key"),
        ("badNonce", "its servers disagree among themselves"),
        ("accountDoesNotExist", "move the key's file away"),
        ("invalidContact", "correct `contact`"),
        ("serverInternal", "run this again later"),
    ],
)
def test_each_refusal_of_a_ca_has_its_own_fix(kind, fix):
    said = messages.Error(typ=f"urn:ietf:params:acme:error:{kind}", detail="as the CA says it")
    for error in (said, errors.IssuanceError(said)):
        found = refused(error)
        assert found.kind == kind
        assert found.problem == f"{DIRECTORY}: the order: refused ({kind}): as the CA says it"
        assert fix in found.fix


def test_an_error_of_several_parts_and_one_that_nobody_knows():
    part = messages.Error(typ="urn:ietf:params:acme:error:caa", detail="CAA of t.example.com")
    found = refused(messages.Error(typ="urn:ietf:params:acme:error:compound", detail="two", subproblems=(part,)))
    assert "two; CAA of t.example.com" in found.problem
    unknown = refused(messages.Error(typ="urn:example:new", title="something new"))
    assert (unknown.kind, unknown.fix) == ("new", "do what it says, then run this again")


@pytest.mark.parametrize(
    ("error", "problem", "fix"),
    [
        (requests.exceptions.SSLError("x"), "cannot be reached (SSLError)", "--ca FILE"),
        (requests.exceptions.ConnectTimeout("x"), "cannot be reached (ConnectTimeout)", "right and reachable"),
        (errors.TimeoutError(), "did not come to an end in time", "--wait"),
        (errors.ClientError("<html>"), "no answer of an ACME server", "the URL of its directory"),
        (errors.ValidationError([]), "does not say why", "run this again"),
    ],
)
def test_a_ca_that_gives_no_answer_is_told_from_one_that_refuses(error, problem, fix):
    found = refused(error)
    assert (found.kind, problem in found.problem, fix in found.fix) == ("", True, True)


def test_the_accounts_key_is_made_once_and_for_its_user_alone(tmp_path):
    file = account_key_file(tmp_path, DIRECTORY)
    assert file == tmp_path / "acme" / "acme.test-v2-directory.key"
    made = account_key(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert account_key(file) == made
    assert isinstance(made, JWKEC)
    assert made.key.curve.name == "secp256r1"
    assert account_key_file(tmp_path, "https://acme.test/v2/other") != file


def test_an_accounts_key_of_the_users_own(tmp_path):
    file = tmp_path / "own.key"
    file.write_bytes(key_pem(rsa_key()))
    file.chmod(0o644)
    with pytest.raises(LinkproofError, match="others on this machine can read"):
        account_key(file)
    file.chmod(0o600)
    assert isinstance(account_key(file), JWKRSA)
    for other in (ec.generate_private_key(ec.SECP384R1()), ed25519.Ed25519PrivateKey.generate()):
        file.write_bytes(key_pem(other))
        with pytest.raises(LinkproofError, match="neither RSA nor P-256"):
            account_key(file)
    file.write_text("none\n")
    with pytest.raises(LinkproofError, match="no private key can be read"):
        account_key(file)


class Stale(Network):
    """A CA that refuses the first nonces."""

    def __init__(self, key, stale: int) -> None:
        super().__init__(key, None)
        self.stale, self.asked = stale, 0

    def _post_once(self, *args, **kwargs):
        self.asked += 1
        if self.asked <= self.stale:
            raise messages.Error(typ="urn:ietf:params:acme:error:badNonce")
        return "answer"


def test_nonces_that_are_refused_again_and_again_are_asked_for_anew():
    """The library asks once more by itself; servers of one CA that do not share them refuse more."""
    key = JWKEC(key=ec_key("account"))
    patient = Stale(key, 5)
    assert patient.post("https://acme.test/order", None) == "answer"
    with pytest.raises(messages.Error):
        Stale(key, 100).post("https://acme.test/order", None)


def issued(tmp_path: Path, chains: list[bytes], key=None, anchor=None):
    file = tmp_path / "ca.pem"
    file.write_bytes(pem(anchor or root()))
    texts = [chain.decode() for chain in chains]
    return write_issued(HostName(HOST), key or rsa_key(), texts, tmp_path, datetime.now(UTC), file)


def test_the_first_chain_that_browsers_take_is_written(tmp_path):
    strange = intermediate("Test Intermediate", "Nobody's Root", signer=ec_key("nobody"))
    certificate, other = own(), pem(intermediate())
    made = issued(tmp_path, [pem(certificate, strange), pem(certificate) + other])
    assert any(note.startswith("the CA's own chain would be refused") for note in made.notes)
    assert made.certificate_file.read_bytes() == pem(certificate) + other


def test_nothing_is_written_where_no_chain_will_do(tmp_path):
    with pytest.raises(RefusedError) as caught:
        issued(tmp_path, [pem(own()), pem(own(), intermediate("Other", key=rsa_key(1024, "small")))])
    assert {one.id for one in caught.value.refusals} == {"tls.incomplete-chain"}
    assert list(tmp_path.glob(f"{HOST}*")) == []


def test_the_last_pair_is_the_one_that_is_valid_longest_and_whole(tmp_path):
    now = datetime.now(UTC)
    assert last_written(HostName(HOST), tmp_path, now) is None
    made = issued(tmp_path, [pem(own(days=(-1, 60)), intermediate())])
    later = issued(tmp_path, [pem(own(days=(-1, 80), key=rsa_key(2048, "new")), intermediate())], rsa_key(2048, "new"))
    found = last_written(HostName(HOST), tmp_path, now)
    assert found is not None
    assert (found.certificate_file, found.reminder) == (later.certificate_file, later.reminder)
    later.key_file.unlink()
    found = last_written(HostName(HOST), tmp_path, now)
    assert found is not None
    assert found.certificate_file == made.certificate_file
    assert last_written(HostName(HOST), tmp_path, now + timedelta(days=70)) is None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_no_signal_stops_the_tidying(number):
    said = []
    with undisturbed(said.append):
        os.kill(os.getpid(), number)
        said.append("tidied")
    assert said == ["ending: what was written into the zone is being taken away", "tidied"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_sigterm_is_an_interrupt():
    def work():
        with _terminated_as_interrupted():
            os.kill(os.getpid(), signal.SIGTERM)

    with pytest.raises(KeyboardInterrupt):
        work()
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_what_is_no_trust_file_and_no_key_of_an_outer_account_is_said_as_such(tmp_path):
    file = tmp_path / "ca.pem"
    file.write_text("none\n")
    key = JWKEC(key=ec_key("account"))
    with pytest.raises(InvalidTrustFileError):
        connect(DIRECTORY, key, file)
    urls = {"newAccount": "https://acme.test/account", "newNonce": "https://acme.test/nonce"}
    at = ClientV2(Directory.from_json(urls), Stale(key, 0))
    at.net.post = refuses(messages.Error(typ="urn:ietf:params:acme:error:accountDoesNotExist"))
    with pytest.raises(LinkproofError, match="no base64url"):
        register(at, DIRECTORY, Registration(eab_kid="1", eab_key="not a key!"))
    at.net.post = refuses(messages.Error(typ="urn:ietf:params:acme:error:unauthorized", detail="deactivated"))
    with pytest.raises(CaError, match="the account of this key was closed: deactivated"):
        register(at, DIRECTORY, Registration())


def refuses(error):
    def post(*_, **__):
        raise error

    return post
