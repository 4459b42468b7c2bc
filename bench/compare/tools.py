"""The tools: how each is started on one internet, and what it said, as short lines that can be compared."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.compare.world import CLICK, FIRST, RESOLVER, ROOT, SECOND, ZONE, Internet

LIMIT_SECONDS = 120
ZONEMASTER_LEVELS = ("NOTICE", "WARNING", "ERROR", "CRITICAL")
# what a lab cannot have: addresses in public ranges, and a route server that names their operators
ZONEMASTER_WITHOUT = ("address01", "connectivity03")
DNSVIZ_WITHOUT = ("NS_NAME_PRIVATE_IP", "GLUE_PRIVATE_IP")  # -P switches them off for the last zone alone


@dataclass(frozen=True, slots=True)
class Said:
    """What one tool said.

    Args:
        lines: each thing that it said, without what differs from run to run.
        alarms: those of them that call something wrong, as warnings or worse.
        seconds: how long the whole took.
        ended: false where it was stopped at the limit.
    """

    lines: tuple[str, ...]
    alarms: tuple[str, ...] = ()
    seconds: float = 0.0
    ended: bool = True


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool and its scope.

    Args:
        shown: how the page writes its name.
        can: what it is able to know, in the words of `Case.needs`.
        scope: one sentence for the page.
        commands: what is run, for the page.
    """

    name: str
    shown: str
    can: frozenset[str]
    scope: str
    commands: tuple[str, ...]
    run: Callable[[Internet, Path, dict[str, Any]], Said]


class _Clock:
    """Runs the commands of one tool within its limit."""

    def __init__(self) -> None:
        self.start = time.monotonic()
        self.ended = True

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.start

    def output(self, *command: str) -> str:
        left = max(0.1, LIMIT_SECONDS - self.seconds)
        try:
            done = subprocess.run(
                command, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                timeout=left,
            )  # fmt: skip
        except subprocess.TimeoutExpired as late:
            self.ended = False
            return (late.stdout or b"").decode(errors="replace")
        return done.stdout.decode(errors="replace")

    def said(self, lines: Iterable[str], alarms: Iterable[str] = ()) -> Said:
        return Said(tuple(dict.fromkeys(lines)), tuple(dict.fromkeys(alarms)), self.seconds, self.ended)


def linkproof(net: Internet, folder: Path, declared: dict[str, Any]) -> Said:
    file = folder / "expectations.json"
    file.write_text(json.dumps(declared))
    clock = _Clock()
    text = clock.output(
        sys.executable, "-m", "linkproof.commands.main", "verify", "--expectations", str(file), "--hints", str(net.hints),
        "--resolver", RESOLVER, "--json",
    )  # fmt: skip
    try:
        result = json.loads(text[text.index("{") :])
    except ValueError:
        return clock.said([f"no result: {text.strip()[:200]}"])
    findings = result["findings"] + [{**item, "late": True} for item in result["lagging"]]
    lines = [f"verdict {result['verdict']}", *sorted(map(_finding, findings))]
    return clock.said(lines, sorted(_finding(item) for item in findings))


def _finding(item: dict[str, Any]) -> str:
    """The rule, its severity, and whether a resolver showed it: `dns.dnssec-bogus error (resolver)`."""
    severity = "lagging" if item.get("late") else item["severity"]
    return f"{item['rule']} {severity}" + (" (resolver)" if item["vantage"]["kind"] == "resolver" else "")


def zonemaster(net: Internet, folder: Path, _declared: dict[str, Any]) -> Said:
    profile = folder / "profile.json"
    cases = json.loads(subprocess.run(["zonemaster-cli", "--dump-profile"], check=True, capture_output=True).stdout)
    profile.write_text(json.dumps({"test_cases": [c for c in cases["test_cases"] if c not in ZONEMASTER_WITHOUT]}))
    clock = _Clock()
    text = clock.output(
        "zonemaster-cli", "--json", "--level", "NOTICE", "--no-ipv6", "--hints", str(net.hints),
        "--profile", str(profile), ZONE.rstrip("."),
    )  # fmt: skip
    try:
        entries = json.loads(text[text.index("[") :])
    except ValueError:
        ended = [line for line in text.splitlines() if line.strip() and not line.startswith("Loading profile")]
        return clock.said([f"no result: {' '.join(ended)[:200]}"] if clock.ended else [])
    lines = [f"{item['tag']} {item['level']}" for item in entries if item["level"] in ZONEMASTER_LEVELS]
    return clock.said(lines, [line for line in lines if not line.endswith("NOTICE")])


def dnsviz(net: Internet, folder: Path, declared: dict[str, Any]) -> Said:
    probe, grok = folder / "probe.json", folder / "grok.json"
    clock = _Clock()
    names = sorted({ZONE, *(record["name"] for record in declared["records"])})
    roots = re.findall(r"\sA\s+(\S+)", net.hints.read_text())
    clock.output(
        "dnsviz", "probe", "-4", "-A", "-E", "-a", ".", "-x", f".:a.root.={roots[0]}", "-o", str(probe), *names
    )
    # without -t ANCHORS: Debian's 0.9.4 asks for a part of pygraphviz that Debian's 1.7 has not, and gives up. Signatures are judged anyway
    clock.output("dnsviz", "grok", "-P", "-l", "info", "-r", str(probe), "-o", str(grok))
    try:
        document = json.loads(grok.read_text())
    except (OSError, ValueError):
        return clock.said(["no result"] if clock.ended else [])
    lines = sorted(_problems(document))
    status = [
        f"delegation {zone}: {item['delegation']['status']}" for zone, item in document.items() if "delegation" in item
    ]
    return clock.said([*lines, *status], lines)


def _problems(node: Any) -> set[str]:
    """Every error and warning anywhere in the analysis of these zones, by code."""
    found: set[str] = set()
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("errors", "warnings"):
                found |= {f"{item['code']} {key.rstrip('s')}" for item in value if item["code"] not in DNSVIZ_WITHOUT}
            else:
                found |= _problems(value)
    elif isinstance(node, list):
        for value in node:
            found |= _problems(value)
    return found


def drill(net: Internet, folder: Path, declared: dict[str, Any]) -> Said:
    name = declared["records"][0]["name"]
    kind = declared["records"][0]["type"]
    clock = _Clock()
    secure: list[str] = []
    if net.anchors:
        keys = folder / "drill.keys"
        keys.write_text("".join(line + "\n" for line in net.anchors))
        secure = ["-D", "-k", str(keys)]
    lines = [
        f"trace: {line}"
        for line in _shown(clock.output("drill", "-z", "-T", *secure, "-r", str(net.hints), name, kind))
    ]
    for label, server in (("ns1", FIRST), ("ns2", SECOND)):
        lines += [f"{label}: {line}" for line in _shown(clock.output("drill", f"@{server}", name, kind))]
    alarms = [line for line in lines if _BAD.search(line)]
    return clock.said(lines, alarms)


_BAD = re.compile(r"\[B\]|Error|Warning|rcode (?!NOERROR)|no answer")
_NOISE = re.compile(
    r"^;; (Query time|SERVER|WHEN|MSG SIZE|ANSWER|AUTHORITY|ADDITIONAL|QUESTION|Number of)|^;; \S+\tIN\t|^;;\[|^;; EDNS"
)


def _shown(text: str) -> list[str]:
    """What drill prints, one header in one line, without ids, times, keys and digests."""
    lines = []
    for line in text.splitlines():
        if (
            not line.strip()
            or _NOISE.search(line)
            or line.lstrip().startswith(("Trusted key", "New key", "Key is", "Checking"))
        ):
            continue
        plain = re.sub(r"\b\d{4,}\b", "N", re.sub(r"[0-9A-Za-z+/]{40,}={0,2}|[0-9a-f]{40,}", "…", line))
        head = re.match(r";; ->>HEADER<<-.*rcode: (\w+)", plain)
        flags = re.match(r";; flags: ([a-z ]+) ;.*ANSWER: (\d+)", plain)
        if head:
            lines.append(f"rcode {head[1]}")
        elif flags:
            lines.append(f"flags {flags[1].strip()}, {flags[2]} answers")
        else:
            lines.append(re.sub(r"\s+", " ", plain).strip())
    return lines


def delv(net: Internet, folder: Path, declared: dict[str, Any]) -> Said:
    keys = folder / "bind.keys"
    flat = [line.split(None, 6) for line in net.anchors]
    keys.write_text(
        "trust-anchors {"
        + "".join(f'"{k[0]}" static-key {k[3]} {k[4]} {k[5]} "{k[6].strip()}";' for k in flat)
        + "};\n"
    )
    validate = ["-a", str(keys), "+root=."] if flat else ["-i"]
    clock = _Clock()
    lines: list[str] = []
    for record in declared["records"]:
        for kind in dict.fromkeys((record["type"], "A")):
            text = clock.output("delv", f"@{RESOLVER}", "+cdflag", *validate, record["name"], kind)
            lines += [f"{kind}: {_without_signature(line)}" for line in text.splitlines() if line.strip()]
    return clock.said(lines, [line for line in lines if ": ;;" in line])


def _without_signature(line: str) -> str:
    parts = line.split()
    if "RRSIG" in parts[:5]:
        return " ".join(parts[:2] + parts[3:5]) + " …"
    # the TTL counts down
    return " ".join([parts[0], *parts[2:]]) if len(parts) > 4 and parts[1].isdigit() else " ".join(parts)


TOOLS = (
    Tool(
        "linkproof", "linkproof", frozenset({"declaration", "record", "zone", "dnssec", "resolver", "tls", "http"}),
        "compares with the declaration, at every server, the given resolvers and the edge",
        (f"linkproof verify --expectations FILE --hints HINTS --resolver {RESOLVER} --json",),
        linkproof,
    ),
    Tool(
        "zonemaster", "zonemaster-cli", frozenset({"zone", "dnssec"}),
        "tests a zone: delegation, servers, SOA, DNSSEC. It never asks for the link's name",
        (f"zonemaster-cli --json --level NOTICE --no-ipv6 --hints HINTS --profile PROFILE {ZONE.rstrip('.')}",),
        zonemaster,
    ),
    Tool(
        "dnsviz", "dnsviz", frozenset({"record", "zone", "dnssec"}),
        "walks from the root to the name at every server, with EDNS probes; it knows no declared value",
        (f"dnsviz probe -4 -A -E -a . -x .:a.root.={ROOT} {ZONE} {CLICK}", "dnsviz grok -P -l info"),
        dnsviz,
    ),
    Tool(
        "drill", "drill", frozenset({"record", "zone", "dnssec"}),
        "shows one answer at a time and judges only signatures; a person compares",
        (f"drill -z -T [-D -k ANCHORS] -r HINTS {CLICK} CNAME", f"drill @{FIRST} {CLICK} CNAME", f"drill @{SECOND} {CLICK} CNAME"),
        drill,
    ),
    Tool(
        "delv", "delv at unbound", frozenset({"record", "dnssec", "resolver"}),
        "what one validating resolver gives, with the reason where it fails; one server sampled for it",
        (f"delv @{RESOLVER} +cdflag -a ANCHORS +root=. {CLICK} CNAME (and A; -i where nothing is signed)",),
        delv,
    ),
)  # fmt: skip
