"""Read an evidence folder: bounded, and with every line checked, for anybody may have sent it."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from pydantic import ValidationError

from linkproof.errors import LinkproofError
from linkproof.expectations.model import load
from linkproof.verify.evidence.lines import (
    AnyLine,
    AskedLine,
    DnsLine,
    EndLine,
    HttpLine,
    MomentLine,
    RoundLine,
    RunFile,
    TlsLine,
)
from linkproof.verify.evidence.writer import EXPECTATIONS_FILE, LINES_FILE, RUN_FILE
from linkproof.verify.observations.vantage import ServerAddress
from linkproof.verify.options import InvalidResolverError, ResolverAddress, VerifyOptions

if TYPE_CHECKING:
    from linkproof.expectations.model import Expectations

# A run over 30,000 cells writes some 60 MiB; one line holds at most a body and headers, or one chain.
MAX_RUN_OCTETS = 16 << 20
MAX_OCTETS = 256 << 20
MAX_LINE_OCTETS = 2 << 20


class DamagedEvidenceError(LinkproofError):
    """An evidence folder cannot be judged.

    Args:
        folder: of `--evidence`.
        reason: what is wrong, with the line where there is one.
    """

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(
            f"--evidence {folder}: {reason}", "give a folder that `linkproof verify --save DIR` wrote to its end"
        )
        self.folder = folder
        self.reason = reason


@dataclass
class RecordedRound:
    """Outcomes by question, then by how often it had been put."""

    answers: dict[str, dict[int, AskedLine]] = field(default_factory=dict)
    handshakes: dict[str, dict[int, TlsLine]] = field(default_factory=dict)
    requests: dict[str, dict[int, HttpLine]] = field(default_factory=dict)
    moments: dict[str, MomentLine] = field(default_factory=dict)


@dataclass
class Recording:
    """A whole run."""

    expectations: Expectations
    options: VerifyOptions
    roots: tuple[ServerAddress, ...]
    places: dict[str, str]
    rounds: list[RecordedRound]
    packets: dict[int, tuple[bytes, bytes]]
    timing: dict[str, float]


def read_folder(folder: Path) -> Recording:
    """Read all of it.

    Raises:
        DamagedEvidenceError: a file is missing, too large, not a plain file, or not in the form that `--save` writes.
        InvalidExpectationsError: `expectations.json` is not one.
    """
    run = _run(folder)
    options = _options(folder, run)
    with _open(folder, EXPECTATIONS_FILE):
        expectations = load(folder / EXPECTATIONS_FILE)
    roots = tuple(ServerAddress(server, address) for server, address in run.roots)
    recording = Recording(expectations, options, roots, run.places, [], {}, {})
    _lines(folder, recording)
    return recording


def _run(folder: Path) -> RunFile:
    with _open(folder, RUN_FILE) as file:
        content = file.read(MAX_RUN_OCTETS + 1)
    if len(content) > MAX_RUN_OCTETS:
        raise DamagedEvidenceError(folder, f"{RUN_FILE} is over {MAX_RUN_OCTETS >> 20} MiB")
    try:
        return RunFile.model_validate_json(content)
    except ValidationError as error:
        raise DamagedEvidenceError(folder, f"{RUN_FILE}: {_first(error)}") from error


def _options(folder: Path, run: RunFile) -> VerifyOptions:
    """The options of the run; what it had no name for yet has its default."""
    options = VerifyOptions()
    given: dict[str, Any] = {}
    for item in fields(options):
        value, default = run.options.get(item.name), getattr(options, item.name)
        if isinstance(value, (bool, int, float, str)) and default is not None:
            if isinstance(value, bool) is not isinstance(default, bool) or isinstance(value, str) is not isinstance(
                default, str
            ):
                raise DamagedEvidenceError(folder, f"{RUN_FILE}: options.{item.name} is of the wrong kind")
            given[item.name] = value
    resolvers, ca = run.options.get("resolvers"), run.options.get("ca")
    try:
        given["resolvers"] = tuple(
            ResolverAddress.parse(text) for text in (resolvers if isinstance(resolvers, tuple) else ())
        )
    except InvalidResolverError as error:
        raise DamagedEvidenceError(folder, f"{RUN_FILE}: {error.problem}") from error
    given["ca"] = Path(ca) if isinstance(ca, str) else None
    given["wait_seconds"] = 0
    return replace(options, **given)


def _lines(folder: Path, recording: Recording) -> None:
    has_ended = False
    with _open(folder, LINES_FILE) as file:
        if os.fstat(file.fileno()).st_size > MAX_OCTETS:
            raise DamagedEvidenceError(folder, f"{LINES_FILE} is over {MAX_OCTETS >> 20} MiB")
        number = 0
        while content := file.readline(MAX_LINE_OCTETS + 1):
            number += 1
            if len(content) > MAX_LINE_OCTETS:
                raise DamagedEvidenceError(folder, f"{LINES_FILE}:{number}: over {MAX_LINE_OCTETS >> 20} MiB")
            try:
                line = AnyLine.model_validate_json(b'{"line":' + content + b"}").line
            except ValidationError as error:
                raise DamagedEvidenceError(folder, f"{LINES_FILE}:{number}: {_first(error)}") from error
            if isinstance(line, EndLine):
                has_ended, recording.timing = True, line.timing
            elif isinstance(line, RoundLine):
                recording.rounds.append(RecordedRound())
            elif isinstance(line, DnsLine):
                recording.packets[line.packet] = (line.query, line.answer)
            elif not recording.rounds:
                raise DamagedEvidenceError(folder, f"{LINES_FILE}:{number}: stands before the first round")
            else:
                problem = _keep(recording, line)
                if problem:
                    raise DamagedEvidenceError(folder, f"{LINES_FILE}:{number}: {problem}")
    if not has_ended or not recording.rounds:
        raise DamagedEvidenceError(folder, f"{LINES_FILE} has no end: the run was interrupted, or the file was cut")


def _keep(recording: Recording, line: AskedLine | TlsLine | HttpLine | MomentLine) -> str:
    tape = recording.rounds[-1]
    if isinstance(line, AskedLine):
        if line.no_reply is None and line.packet not in recording.packets:
            return f"names packet {line.packet}, which is not there"
        tape.answers.setdefault(line.key, {})[line.number] = line
    elif isinstance(line, TlsLine):
        tape.handshakes.setdefault(line.key, {})[line.number] = line
    elif isinstance(line, HttpLine):
        tape.requests.setdefault(line.key, {})[line.number] = line
    else:
        tape.moments[line.stage] = line
    return ""


def _open(folder: Path, name: str) -> BinaryIO:
    """A plain file: a pipe or a device in a folder from elsewhere would hang or never end."""
    try:
        descriptor = os.open(folder / name, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        raise DamagedEvidenceError(folder, f"{name}: {error.strerror}") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise DamagedEvidenceError(folder, f"{name} is not a plain file")
    return os.fdopen(descriptor, "rb")


def _first(error: ValidationError) -> str:
    item = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in item["loc"] if part != "line")
    return f"{where}: {item['msg']}" if where else str(item["msg"])
