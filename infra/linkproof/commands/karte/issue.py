"""`linkproof karte issue`: the certificate of a declared host from where the declaration says."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from linkproof.commands.karte.options import Folder, ask_for_upload, bundle_to_json
from linkproof.commands.options import Json, Stack, TrustFile, print_json, seconds, stack_declaration
from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from linkproof.contract.declared import TrackingHost
    from linkproof.declaration.model import Declaration
    from linkproof.engine.cli import Engine
    from linkproof.karte.bundle import Bundle

AccountKey = Annotated[
    Path | None,
    typer.Option(
        "--account-key",
        help="The account's key at the CA, PEM; made where it is not there. Without this it is kept in .linkproof/STACK/acme.",
        metavar="FILE",
    ),
]


def register(app: typer.Typer) -> None:
    app.command()(issue)


def issue(
    stack: Stack,
    host: Annotated[
        str | None, typer.Option(help="The tracking host, where several declare a `certificate`.", metavar="HOST")
    ] = None,
    renew: Annotated[
        bool, typer.Option("--renew", help="Only where the last one written to the folder is due, or there is none.")
    ] = False,
    wait: Annotated[
        str, typer.Option(help="How long the zone's servers may take, and then the CA: 90s, 10m, 1h.")
    ] = "10m",
    agree_terms: Annotated[
        bool, typer.Option("--agree-terms", help="You agree to the CA's terms; once, when the account is made.")
    ] = False,
    account_key: AccountKey = None,
    eab_kid: Annotated[str | None, typer.Option(help="The key id of your account at the CA; once, likewise.")] = None,
    eab_key: Annotated[
        Path | None,
        typer.Option(help="A file with its key, base64url; `-` reads standard input.", metavar="FILE"),
    ] = None,
    ca: TrustFile = None,
    out: Folder = Path(),
    as_json: Json = False,
) -> None:
    """Have the certificate of a declared host made by its `certificate`'s source, and write the two files to upload.

    acme: a new key (RSA 2048, for this certificate alone); the CA's text is written into the declared zone, and taken away again.
    acm: an exportable certificate, with the key that ACM made. Never overwrites; no key is ever printed.
    """
    from datetime import UTC, datetime

    from linkproof import extras
    from linkproof.karte.bundle import last_written

    engine, declaration = stack_declaration(stack)
    tracked = _host(declaration, host)
    source = tracked.options.certificate.source
    extras.require({"acme": extras.ACME, "acm": "aws"}[source])
    written = last_written(tracked.host, out, datetime.now(UTC))
    if written is not None and not renew:
        raise LinkproofError(
            f"{written.certificate_file} is there, and valid until {written.not_after:%Y-%m-%d}",
            "give --renew, which makes another one once that is due; or another folder with --out",
        )
    if written is not None and datetime.now(UTC) < written.reminder:
        _print_not_due(tracked, written, as_json=as_json)
        return
    if not os.access(out, os.W_OK | os.X_OK) or not out.is_dir():
        raise LinkproofError(
            f"{out}: no folder that can be written to, so nothing was ordered",
            "make it first, or give another with --out",
        )
    if source == "acm":
        made = _export(engine, tracked, written, out, ca)
    else:
        with _terminated_as_interrupted():
            made = _issue(engine, declaration, tracked, {
                "wait_seconds": seconds(wait), "agrees": agree_terms, "account_key": account_key,
                "eab_kid": eab_kid, "eab_key": _secret(eab_key), "ca": ca, "out": out,
            })  # fmt: skip
    if as_json:
        print_json(bundle_to_json(tracked.host, made) | {"issued": True})
        return
    ask_for_upload(made)


def _issue(engine: Engine, declaration: Declaration, tracked: TrackingHost, given: dict[str, Any]) -> Bundle:
    from datetime import UTC, datetime

    from linkproof.commands.verify import verify_options
    from linkproof.engine.clients import Clients
    from linkproof.karte.bundle import write_issued
    from linkproof.karte.issue.account import Registration, account_key, account_key_file, connect
    from linkproof.karte.issue.account import register as register_account
    from linkproof.karte.issue.challenge import find_writing
    from linkproof.karte.issue.order import check_caa, order

    form = tracked.options.certificate
    options = verify_options(engine.project, declaration)
    clients = Clients.when_asked(engine)
    writing = find_writing(
        tracked.host,
        declaration,
        form.challenge_zone,
        lambda vendor, account: clients().client(vendor, account),
        options,
    )
    kept = account_key_file(engine.project.work_dir(engine.stack), form.directory)
    at = connect(form.directory, account_key(given["account_key"] or kept), given["ca"])
    wanted = Registration(form.contact, given["agrees"], given["eab_kid"], given["eab_key"])
    uri = register_account(at, form.directory, wanted)
    check_caa(tracked.host, tuple(at.directory.meta.caa_identities or ()), uri, options, _say)
    issued = order(at, form.directory, tracked.host, writing, options, given["wait_seconds"], _say)
    return write_issued(tracked.host, issued.key, issued.chains, given["out"], datetime.now(UTC), given["ca"])


def _export(engine: Engine, tracked: TrackingHost, written: Bundle | None, out: Path, ca: Path | None) -> Bundle:
    from datetime import UTC, datetime

    from linkproof.engine.clients import Clients
    from linkproof.engine.state import read_state
    from linkproof.karte.bundle import write_issued
    from linkproof.karte.issue.acm import arn_of, export

    form = tracked.options.certificate
    arn = form.arn or arn_of(form, tracked.host, read_state(engine.export()))
    client = Clients.of(engine).client("aws", form.account)
    exported = export(client, arn, form.account, tracked.host, written.not_after if written else None)
    return write_issued(tracked.host, exported.key, exported.chains, out, datetime.now(UTC), ca)


def _host(declaration: Declaration, wanted: str | None) -> TrackingHost:
    """The one tracking host that says where its certificate comes from.

    Raises:
        LinkproofError: there is none, or there are several and none is named.
    """
    from linkproof.commands.karte.options import host_name

    hosts = [one for one in declaration.tracking_hosts.values() if one.provider == "karte"]
    if wanted is not None:
        name = host_name(wanted)
        hosts = [one for one in hosts if one.host == name]
        if not hosts:
            raise LinkproofError(f"no KARTE host {name} is declared", "add it under `tracking_hosts:`")
    ready = [one for one in hosts if one.options.certificate is not None]
    if len(ready) == 1:
        return ready[0]
    if ready:
        raise LinkproofError(
            f"several hosts declare a certificate: {', '.join(one.host.text for one in ready)}", "name one with --host"
        )
    place = f"{hosts[0].path}: " if hosts else ""
    raise LinkproofError(
        f"{place}nothing says where the certificate comes from",
        "add `certificate: {source: acme, directory: https://acme-v02.api.letsencrypt.org/directory}` (or `{source: acm}`)"
        " to the host; or have it issued yourself: linkproof karte csr HOST",
    )


def _print_not_due(tracked: TrackingHost, written: Bundle, *, as_json: bool) -> None:
    if as_json:
        print_json(bundle_to_json(tracked.host, written) | {"issued": False})
        return
    print(
        f"not due: {written.certificate_file} is valid until {written.not_after:%Y-%m-%d}; the next one from"
        f" {written.reminder:%Y-%m-%d} on, by {written.last_day}"
    )


def _secret(file: Path | None) -> str | None:
    if file is None:
        return None
    text = sys.stdin.read() if file == Path("-") else file.read_text(encoding="utf-8", errors="replace")
    return text.strip()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """SIGTERM ends it as ^C does: what was written into the zone is taken away first."""
    before = signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
