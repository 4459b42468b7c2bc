"""The lab's SES beside moto's, asked the same with boto3: where they differ, and the vendor's page that decides.

Usage: python -m bench.ses_beside_moto. Installs moto in a temporary folder, and writes the table of docs/lab.md to standard output; ends with an error
where the lab does not do what the page says.
"""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from linkproof_lab import apis
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store

MOTO = "5.2.5"
API = "https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_"
HOST, FROM = "click.example.net", "a@example.net"
TEXT = {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}}
MAIL = {"Destination": {"ToAddresses": ["a@example.com"]}, "Content": TEXT}


@dataclass(frozen=True, slots=True)
class Case:
    """Args:
    what: in words.
    ask: gives what is said of the answer; an error of the client's is said by its code and status.
    right: what the page says.
    page: of the API reference.
    """

    what: str
    ask: Callable[[Any], object]
    right: str
    page: str


def _twice(call: Callable[[Any], object]) -> Callable[[Any], object]:
    def ask(ses: Any) -> object:
        call(ses)
        return call(ses)

    return ask


def _made(ses: Any, name: str, **more: Any) -> str:
    ses.create_configuration_set(ConfigurationSetName=name, **more)
    return "made"


def _identity(ses: Any, name: str) -> str:
    ses.create_email_identity(EmailIdentity=name)
    return "made"


def _sent(ses: Any, **more: Any) -> str:
    ses.send_email(**{"FromEmailAddress": FROM, **MAIL, **more})
    return "sent"


CASES = (
    Case("a redirect domain that is not verified", lambda ses: _made(ses, "a", TrackingOptions={"CustomRedirectDomain": "click.other.example"}), "BadRequestException 400", "TrackingOptions"),
    Case("an unknown HttpsPolicy", lambda ses: _made(ses, "b", TrackingOptions={"CustomRedirectDomain": HOST, "HttpsPolicy": "ALWAYS"}), "BadRequestException 400", "TrackingOptions"),
    Case("a set's name with a space", lambda ses: _made(ses, "a b"), "BadRequestException 400", "CreateConfigurationSet"),
    Case("a set's name of 65 characters", lambda ses: _made(ses, "a" * 65), "BadRequestException 400", "CreateConfigurationSet"),
    Case("a set that is there", _twice(lambda ses: _made(ses, "twice")), "AlreadyExistsException 400", "CreateConfigurationSet"),
    Case("reading a set that is not there", lambda ses: ses.get_configuration_set(ConfigurationSetName="absent"), "NotFoundException 404", "GetConfigurationSet"),
    Case("deleting a set that is not there", lambda ses: ses.delete_configuration_set(ConfigurationSetName="absent"), "NotFoundException 404", "DeleteConfigurationSet"),
    Case("changing a set's tracking", lambda ses: (_made(ses, "c"), ses.put_configuration_set_tracking_options(ConfigurationSetName="c", CustomRedirectDomain=HOST, HttpsPolicy="REQUIRE")) and "put", "put", "PutConfigurationSetTrackingOptions"),
    Case("a set's event destinations", lambda ses: (_made(ses, "d"), ses.get_configuration_set_event_destinations(ConfigurationSetName="d")) and "read", "read", "GetConfigurationSetEventDestinations"),
    Case("an identity that is no domain", lambda ses: _identity(ses, "no domain"), "BadRequestException 400", "CreateEmailIdentity"),
    Case("an identity that is there", _twice(lambda ses: _identity(ses, "twice.example")), "AlreadyExistsException 400", "CreateEmailIdentity"),
    Case("DKIM tokens of a new domain", lambda ses: f"{len(ses.create_email_identity(EmailIdentity='tokens.example')['DkimAttributes'].get('Tokens') or [])} tokens", "3 tokens", "DkimAttributes"),
    Case("reading an identity that is not there", lambda ses: ses.get_email_identity(EmailIdentity="absent.example"), "NotFoundException 404", "GetEmailIdentity"),
    Case("a mail from a domain that is not verified", lambda ses: _sent(ses, FromEmailAddress="a@other.example"), "MessageRejected 400", "SendEmail"),
    Case("a mail of a set that is not there", lambda ses: _sent(ses, ConfigurationSetName="absent"), "NotFoundException 404", "SendEmail"),
    Case("a mail's tag with a space", lambda ses: _sent(ses, EmailTags=[{"Name": "a b", "Value": "c"}]), "BadRequestException 400", "MessageTag"),
)  # fmt: skip


def said(case: Case, ses: Any) -> str:
    try:
        answer = case.ask(ses)
    except ClientError as error:
        return f"{error.response['Error']['Code']} {error.response['ResponseMetadata']['HTTPStatusCode']}"
    return answer if isinstance(answer, str) else "answered"


def client(url: str) -> Any:
    return boto3.client(
        "sesv2",
        region_name="us-east-1",
        endpoint_url=url,
        aws_access_key_id="AKIALAB1",
        aws_secret_access_key="not-a-secret",
        config=Config(retries={"max_attempts": 1}),
    )


@contextmanager
def moto(folder: Path) -> Iterator[str]:
    """Its server, in an environment of its own: it needs a boto3 of its own choice."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    install = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, f"moto[server]=={MOTO}"], check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [folder / "bin" / "moto_server", "-H", "127.0.0.1", "-p", str(port)]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(30)


@contextmanager
def lab(folder: Path) -> Iterator[str]:
    """The vendors' APIs alone, with one verified domain."""
    settings = LabSettings(folder, net=240)
    folder.mkdir(parents=True, exist_ok=True)
    store = Store(settings.database)
    store.put("ses-identity", "example.net", {"verified": True})
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    running = asyncio.run_coroutine_threadsafe(apis.start(settings, store), loop).result(30)
    try:
        yield settings.api_url("vendors/aws")
    finally:
        asyncio.run_coroutine_threadsafe(running.stop(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(30)
        store.close()


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        moto(Path(folder) / "moto") as theirs,
        lab(Path(folder) / "lab") as ours,
    ):
        at_moto, at_lab = client(theirs), client(ours)
        at_moto.create_email_identity(EmailIdentity="example.net")
        rows = [(case, said(case, at_moto), said(case, at_lab)) for case in CASES]
    print(f"| asked with boto3 {version('boto3')} | moto {MOTO} | the lab | decided by |\n|---|---|---|---|")
    for case, theirs, ours in rows:
        print(
            f"| {case.what} | {theirs}{'' if theirs == case.right else ' ✗'} | {ours} | [{case.page}]({API}{case.page}.html) |"
        )
    wrong = [case.what for case, _, ours in rows if ours != case.right]
    differ = sum(theirs != ours for _, theirs, ours in rows)
    print(f"\n{len(rows)} calls, {differ} of which differ.")
    if wrong:
        sys.exit(f"the lab is not what the page says: {', '.join(wrong)}")


if __name__ == "__main__":
    main()
