"""A night as Prometheus' text format, for node_exporter's textfile collector and somebody's own alerts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import generate_latest

from linkproof.drift.model import KINDS, StackDrift
from linkproof.verify.report.escape import printable


class _Gauges(NamedTuple):
    """What the client library writes: gauges as they are, without a registry that could hold others."""

    gauges: list[Metric]

    def collect(self) -> Iterable[Metric]:
        return self.gauges


def render(stacks: Sequence[StackDrift], at: datetime) -> str:
    """Counts by stack, comparison and kind; whether each comparison was made; when.

    Args:
        at: aware.
    """
    counts = GaugeMetricFamily("linkproof_drift", "What is not as declared, by the comparison that names it.")
    made = GaugeMetricFamily("linkproof_drift_compared", "1 where all of the comparison could be made.")
    exits = GaugeMetricFamily("linkproof_drift_exit_code", "As `linkproof drift` ends for the stack alone.")
    when = GaugeMetricFamily("linkproof_drift_last_run_timestamp_seconds", "Unix time of the last run.")
    for stack in stacks:
        labels = {"stack": printable(stack.stack)}
        for comparison, is_whole in stack.compared.items():
            one = labels | {"comparison": comparison}
            made.add_sample(made.name, one, float(is_whole))
            for kind in KINDS:
                number = sum(item.kind == kind and item.comparison == comparison for item in stack.items)
                counts.add_sample(counts.name, one | {"kind": kind}, float(number))
        exits.add_sample(exits.name, labels, float(stack.exit_code))
        when.add_sample(when.name, labels, round(at.timestamp(), 3))
    return generate_latest(_Gauges([counts, made, exits, when])).decode("utf-8")
