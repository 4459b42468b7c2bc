"""The Prometheus text format, for a scheduled run and node_exporter's textfile collector."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, get_args

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import generate_latest

from linkproof.verify.ids import canaries_id
from linkproof.verify.report.escape import printable
from linkproof.verify.report.vantages import is_from_several, vantages_of
from linkproof.verify.report.vantages import rows as rows_by_vantage
from linkproof.verify.result import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from prometheus_client import Metric

    from linkproof.expectations.model import Expectations
    from linkproof.verify.report.vantages import VantageRow
    from linkproof.verify.result import Cell, VerificationResult

Labels = tuple[tuple[str, str], ...]


def render(result: VerificationResult, expectations: Expectations, at: datetime) -> str:
    """Gauges of one run.

    https://prometheus.io/docs/instrumenting/exposition_formats/
    """
    stack = ("stack", expectations.stack)
    gauges = (
        _gauge(
            "linkproof_verdict",
            "1 for the verdict of the last run, 0 for the others.",
            {(stack, ("verdict", name)): float(name == result.verdict) for name in get_args(Verdict)},
        ),
        _gauge(
            "linkproof_expectation_ok",
            "1 if every cell of the expectation was checked and is right.",
            {(stack, *labels): value for labels, value in _expectations(result, expectations)},
        ),
        _gauge(
            "linkproof_findings",
            "Findings of the last run.",
            {
                (stack, ("severity", severity)): float(sum(item.severity == severity for item in result.findings))
                for severity in ("error", "warning")
            },
        ),
        _gauge(
            "linkproof_cells",
            "Cells of the last run by state; those that are only optional decide nothing.",
            {(stack, ("state", state)): float(number) for state, number in _states(result).items()},
        ),
        _gauge(
            "linkproof_vantage_ok",
            "1 if the expectation is right from this place, where several were asked from.",
            _by_vantage(result, expectations, stack),
        ),
        _gauge(
            "linkproof_not_asked",
            "Expectations that the last run left for another one.",
            {(stack,): float(result.not_asked.count)} if result.not_asked else {},
        ),
        _gauge(
            "linkproof_certificate_expiry_seconds",
            "Unix time at which the first certificate of the path expires.",
            _earliest(result, stack),
        ),
        _gauge(
            "linkproof_answer_seconds", "The slowest answer of the last run, by who was asked.", _slowest(result, stack)
        ),
        _gauge(
            "linkproof_last_run_timestamp_seconds",
            "Unix time of the last run.",
            {(stack,): round(at.timestamp(), 3)},
        ),
    )
    return generate_latest(_Gauges([gauge for gauge in gauges if gauge.samples])).decode("utf-8")


class _Gauges(NamedTuple):
    """What the client library writes: gauges as they are, without a registry that could hold others."""

    gauges: list[Metric]

    def collect(self) -> Iterable[Metric]:
        return self.gauges


def _expectations(result: VerificationResult, expectations: Expectations) -> Iterator[tuple[Labels, float]]:
    if is_from_several(result):
        for row in rows_by_vantage(result, expectations):
            yield (("id", row.id), ("kind", row.kind), ("name", _dotted(row)), ("type", row.type)), float(row.is_right)
        return
    left = {one.id for one in result.asked if "not-asked" in one.seen.values()}
    by_id: dict[str, list[Cell]] = {}
    for cell in result.cells:
        by_id.setdefault(cell.id, []).append(cell)
    unknown = {item.id for item in result.could_not_check}
    unprobed = {item.id for item in result.unprobed}
    rows = [(item.id, "zone", item.name, "SOA") for item in expectations.zones if item.id in by_id]
    rows += [(item.id, "record", item.name, item.type) for item in expectations.records]
    rows += [(item.id, "caa", item.host, "CAA") for item in expectations.caa]
    rows += [(item.id, "endpoint", item.host, "TLS") for item in expectations.endpoints]
    rows += [(canaries_id(item), "canaries", item.host, "HTTP") for item in expectations.endpoints if item.canaries]
    rows += [(item.id, "pending", "", "") for item in expectations.pending if item.id not in unprobed]
    known = {row[0] for row in rows}
    # a zone that is not declared has faults all the same
    rows += [
        (one, "zone", "", "SOA") if one.startswith("zone/") else (one, "other", "", "")
        for one, cells in by_id.items()
        if one not in known and any(cell.state != "optional" for cell in cells)
    ]
    seen: set[str] = set()
    for one, kind, name, record_type in rows:
        # of what another run asks about, this one can say nothing
        if one in seen or one in left:
            continue
        seen.add(one)
        counted = [cell for cell in by_id.get(one, ()) if cell.state != "optional"]
        is_ok = bool(counted) and one not in unknown and all(cell.state == "right" for cell in counted)
        yield (("id", one), ("kind", kind), ("name", name), ("type", record_type)), float(is_ok)


def _dotted(row: VantageRow) -> str:
    return f"{row.name}." if row.kind in {"zone", "record"} else row.name


def _states(result: VerificationResult) -> dict[str, int]:
    states: list[str] = [cell.state for cell in result.cells]
    if is_from_several(result):
        states = [state for one in result.asked for state in one.seen.values()]
    return {state: states.count(state) for state in ("right", "differs", "lagging", "could-not-check", "optional")}


def _by_vantage(result: VerificationResult, expectations: Expectations, stack: tuple[str, str]) -> dict[Labels, float]:
    if not is_from_several(result):
        return {}
    names = vantages_of(result)
    return {
        (stack, ("id", row.id), ("vantage", name)): float(cell == "right")
        for row in rows_by_vantage(result, expectations)
        for name, cell in zip(names, row.cells, strict=True)
    }


def _earliest(result: VerificationResult, stack: tuple[str, str]) -> dict[Labels, float]:
    values: dict[Labels, float] = {}
    if is_from_several(result):
        for one in result.certificates:
            labels = (stack, ("id", one["id"]), ("host", one["host"]), ("address", ""))
            end = datetime.fromisoformat(one["not_after"]).timestamp()
            values[labels] = min(values.get(labels, float("inf")), end)
    for cell in result.cells:
        if cell.not_after is not None:
            labels = (stack, ("id", cell.id), ("host", cell.vantage.server), ("address", cell.vantage.address))
            values[labels] = min(values.get(labels, float("inf")), cell.not_after.timestamp())
    return values


def _slowest(result: VerificationResult, stack: tuple[str, str]) -> dict[Labels, float]:
    """By vantage: each expectation as a label too would make ten series a link, and a server is slow for all of its names."""
    values: dict[Labels, float] = {}
    for cell in result.cells:
        if cell.seconds is None:
            continue
        vantage = cell.vantage
        labels = (
            stack,
            ("kind", vantage.kind),
            ("server", vantage.server),
            ("address", vantage.address),
            ("transport", vantage.transport),
        )
        values[labels] = max(values.get(labels, 0.0), round(cell.seconds, 6))
    return values


def _gauge(name: str, text: str, values: Mapping[Labels, float]) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(name, text)
    for labels, value in values.items():
        # control characters are shown: the library escapes what its format needs and no more
        gauge.add_sample(name, {label: printable(content) for label, content in labels}, value)
    return gauge
