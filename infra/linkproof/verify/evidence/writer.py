"""The evidence of one run: what was asked and answered, so that a person can look at it and a program can judge it again."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import stat
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from linkproof.errors import LinkproofError
from linkproof.verify.observations.answer import NoUsableReply
from linkproof.verify.redaction.recipients import without_recipients
from linkproof.verify.redaction.redact import redact
from linkproof.verify.version import program_version

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import TextIO

    from linkproof.expectations.model import Expectations
    from linkproof.verify.observations.answer import Answer, Reply
    from linkproof.verify.observations.edge import HttpObservation, TlsObservation
    from linkproof.verify.observations.vantage import ServerAddress, Vantage
    from linkproof.verify.observe.port import Moment
    from linkproof.verify.options import VerifyOptions

RUN_FILE, EXPECTATIONS_FILE, LINES_FILE = "run.json", "expectations.json", "evidence.jsonl"
FILES = frozenset({RUN_FILE, EXPECTATIONS_FILE, LINES_FILE})
# Everything else of a reply is read from its packet again.
_BESIDE = ("with_edns", "ignored_packets", "seconds", "edns_error", "lost_attempts")

# Options that are written in a form of their own, or mean nothing once the answers are there.
_OTHERWISE = frozenset({"hints", "resolvers", "ca", "save", "with_answers"})


class UnwritableEvidenceError(LinkproofError):
    """`--save` names no folder that can be written."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"--save {folder}: {reason}", "give a new folder, an empty one, or one of an earlier --save")
        self.folder = folder


class EvidenceWriter:
    """Writes a folder that only its owner can read; with no folder it keeps nothing.

    Raises:
        UnwritableEvidenceError: the folder cannot be written, or holds other files.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._file: TextIO | None = None
        self.failure: UnwritableEvidenceError | None = None
        self._count = 0
        self._packets: dict[tuple[bytes, bytes], int] = {}
        if folder is None:
            return
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            strange = sorted(item.name for item in folder.iterdir() if item.name not in FILES)
            if strange:
                raise UnwritableEvidenceError(folder, f"it holds other files, such as {strange[0]!r}")
            folder.chmod(0o700)
            self._file = _create(folder / LINES_FILE)
        except OSError as error:
            raise UnwritableEvidenceError(folder, error.strerror or str(error)) from error

    def begin(
        self,
        expectations: Expectations,
        options: VerifyOptions,
        roots: tuple[ServerAddress, ...],
        places: Mapping[str, str],
    ) -> None:
        """Write what judging needs beside the answers."""
        if self._folder is None:
            return
        run = {
            "version": 1,
            "linkproof": program_version(),
            "at": _now(),
            "options": {
                **{item.name: getattr(options, item.name) for item in fields(options) if item.name not in _OTHERWISE},
                "resolvers": [redact(str(resolver)) for resolver in options.resolvers],
                "ca": str(options.ca) if options.ca else None,
            },
            "roots": [[server.server, server.address] for server in roots],
            "places": dict(places),
        }
        with _create(self._folder / RUN_FILE) as file:
            file.write(json.dumps(run, indent=1) + "\n")
        with _create(self._folder / EXPECTATIONS_FILE) as file:
            file.write(without_recipients(expectations).model_dump_json(indent=1) + "\n")

    def keep(self, kind: str, **fields: Any) -> int:
        """Add one line; bytes are written in base64, for they come from anywhere.

        Returns:
            the packet's number, from 1, by which a later line names it; 0 for what is no packet.
        """
        if self._file is None:
            return 0
        line: dict[str, Any] = {"at": _now(), "kind": kind}
        line |= {
            key: base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value
            for key, value in fields.items()
        }
        number = 0
        if kind == "dns":
            self._count += 1
            number = line["packet"] = self._count
            self._packets[fields["query"], fields["answer"]] = number
        self._write(json.dumps(line))
        return number

    @property
    def is_kept(self) -> bool:
        return self._file is not None

    def packet(self, vantage: Vantage, name: str, record_type: str, query: bytes, answer: bytes) -> int:
        """Keep one question and the packet that answers it.

        Returns:
            as `keep`.
        """
        if self._file is None:
            return 0
        return self.keep(
            "dns",
            server=vantage.server,
            address=vantage.address,
            transport=vantage.transport,
            name=name,
            type=record_type,
            query=query,
            answer=answer,
        )

    def asked(self, key: str, number: int, answer: Answer) -> None:
        """How a question ended; the packets on the way there have lines of their own."""
        if self._file is None:
            return
        vantage = asdict(answer.vantage)
        if isinstance(answer, NoUsableReply):
            said = {"kind": answer.kind, "detail": answer.detail, "ignored_packets": answer.ignored_packets}
            said["malformed_packets"] = answer.malformed_packets
            self.keep(
                "asked", key=key, number=number, vantage=vantage, name=answer.name, type=answer.type, no_reply=said
            )
            return
        packet = self._packets.pop((answer.query_wire, answer.wire), None) or self._keep_packet(answer)
        beside = {name: getattr(answer, name) for name in _BESIDE}
        self.keep(
            "asked",
            key=key,
            number=number,
            vantage=vantage,
            name=answer.name,
            type=answer.type,
            packet=packet,
            beside=beside,
        )

    def shook_hands(self, key: str, number: int, seen: TlsObservation, answer: HttpObservation | None) -> None:
        if self._file is not None:
            from linkproof.verify.evidence.lines import TlsLine

            line = TlsLine(at=datetime.now(UTC), kind="tls", key=key, number=number, observation=seen, answer=answer)
            self._write(line.model_dump_json())

    def requested(self, key: str, number: int, answer: HttpObservation) -> None:
        if self._file is not None:
            from linkproof.verify.evidence.lines import HttpLine

            line = HttpLine(at=datetime.now(UTC), kind="http", key=key, number=number, observation=answer)
            self._write(line.model_dump_json())

    def round(self) -> None:
        self.keep("round")

    def judged(self, stage: str, moment: Moment) -> None:
        """The clock of a stage, and what had answered by then. Stages may overlap, so each says it whole."""
        reached = sorted(map(list, moment.reach.answered))
        self.keep("moment", stage=stage, now=moment.now.isoformat(), reached=reached, is_whole=True)

    def end(self, timing: dict[str, float]) -> None:
        self.keep("end", timing=timing)

    def close(self) -> None:
        if self._file is not None:
            try:
                self._file.close()
            except OSError as error:
                self._fail(error)

    def _keep_packet(self, answer: Reply) -> int:
        line = self.packet(answer.vantage, answer.name, answer.type, answer.query_wire, answer.wire)
        del self._packets[answer.query_wire, answer.wire]
        return line

    def _write(self, line: str) -> None:
        assert self._file is not None
        assert self._folder is not None
        try:
            self._file.write(line + "\n")
        except OSError as error:
            self._fail(error)

    def _fail(self, error: OSError) -> None:
        """Keep no more: a full disk must not swallow the verdict, which says so once it has been printed."""
        assert self._folder is not None
        assert self._file is not None
        self.failure = UnwritableEvidenceError(self._folder, error.strerror or str(error))
        with contextlib.suppress(OSError):
            self._file.close()
        self._file = None


def _create(path: Path) -> TextIO:
    """A file that only its owner may read, whatever the umask, and never through a link that someone laid there."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o600)
    os.fchmod(descriptor, stat.S_IRUSR | stat.S_IWUSR)
    return os.fdopen(descriptor, "w", encoding="utf-8")


def _now() -> str:
    return datetime.now(UTC).isoformat()
