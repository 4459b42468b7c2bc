"""Alarms and the dashboard of an account's mail, over the metrics that SES and its event destinations publish.

Rates: docs.aws.amazon.com/ses/latest/dg/reputationdashboard-cloudwatch-alarm.html. SES reckons them over a representative volume of mail, so they
are fractions that change slowly; without new data an alarm on them stays as it is. The dashboard:
docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from linkproof.contract.declared import Sender
from linkproof.senders.ses.items import Alarm, Dashboard, set_resource
from linkproof.senders.ses.readings import METRICS, NAMESPACE

SET_DIMENSION = "ses:configuration-set"
# Where SES puts an account under review, in percent (docs.aws.amazon.com/ses/latest/dg/reputationdashboardmessages.html).
LIMITS = {"bounce-rate": "5%", "complaint-rate": "0.1%"}
_RATES = {"bounce-rate": "Reputation.BounceRate", "complaint-rate": "Reputation.ComplaintRate"}
_WIDTH, _HEIGHT = 12, 6


def alarms(sender: Sender) -> Iterator[Alarm]:
    for name, form in (sender.options.manage.alarms or {}).items():
        of = form.configuration_set
        common: dict[str, Any] = {
            "resource": f"{sender.account}/{sender.region}/alarm/{name}",
            "path": f"{sender.path}.manage.alarms.{name}",
            "name": name,
            "account": sender.account,
            "region": sender.region,
            "configuration_set": of,
            "notify": tuple(dict.fromkeys(form.notify or ())),
            "needs": () if of is None else (set_resource(sender.account, sender.region, of),),
        }
        whose = f"the configuration set {of}" if of is not None else "the account"
        if form.on == "silence":
            description = f"No mail of {whose} was sent for {form.hours} h"
            yield Alarm(
                **common, description=description, metric=METRICS["send"], statistic="Sum", comparison="LessThanThreshold",
                threshold=1.0, hours=form.hours, missing="breaching",
            )  # fmt: skip
        else:
            share = form.above or LIMITS[form.on]
            yield Alarm(
                **common, description=f"The {form.on.replace('-', ' ')} of {whose} is {share} or more", metric=_RATES[form.on],
                statistic="Average", comparison="GreaterThanOrEqualToThreshold", threshold=fraction(share), hours=1, missing="ignore",
            )  # fmt: skip


def fraction(share: str) -> float:
    """Of `0.1%`, 0.001."""
    return round(float(share.removesuffix("%")) / 100, 8)


def reads_sends_of_one_set(form: Any) -> bool:
    """Whether a destination publishes sends by configuration set alone: no metric with more dimensions can be read by one of them."""
    names = [one.name for one in getattr(form, "dimensions", ())]
    return form.enabled and form.to == "cloudwatch" and "send" in form.types and names == [SET_DIMENSION]


def dashboard(sender: Sender) -> Dashboard | None:
    manage = sender.options.manage
    if manage.dashboard is None:
        return None
    widgets = [_reputation(sender), *_counts(sender, manage.configuration_sets or {})]
    placed = [
        {**widget, "x": number % 2 * _WIDTH, "y": number // 2 * _HEIGHT, "width": _WIDTH, "height": _HEIGHT}
        for number, widget in enumerate(widgets)
    ]
    return Dashboard(
        resource=f"{sender.account}/{sender.region}/dashboard/{manage.dashboard}",
        path=f"{sender.path}.manage.dashboard",
        name=manage.dashboard,
        account=sender.account,
        region=sender.region,
        body=json.dumps({"widgets": placed}, separators=(",", ":"), sort_keys=True),
    )


def _reputation(sender: Sender) -> dict[str, Any]:
    marks = [{"label": f"{name}, {share}", "value": fraction(share)} for name, share in LIMITS.items()]
    return _widget(
        sender,
        "Rates of the account",
        [[NAMESPACE, metric, {"label": name}] for name, metric in _RATES.items()],
        {"stat": "Average", "period": 3600, "annotations": {"horizontal": marks}},
    )


def _counts(sender: Sender, sets: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """One graph for each CloudWatch destination: its values are known to CloudWatch alone, which searches them."""
    for name, one in sets.items():
        for key, form in (one.events or {}).items():
            if form.to != "cloudwatch":
                continue
            schema = ",".join(f'"{part}"' for part in (NAMESPACE, *(dimension.name for dimension in form.dimensions)))
            searches = [
                [
                    {
                        "expression": f"SEARCH('{{{schema}}} MetricName=\"{METRICS[kind]}\"', 'Sum', 3600)",
                        "id": f"e{number}",
                    }
                ]
                for number, kind in enumerate(form.types)
            ]
            yield _widget(sender, f"{name}: {key}", searches, {"stat": "Sum", "period": 3600})


def _widget(sender: Sender, title: str, metrics: Sequence[Any], more: Mapping[str, Any]) -> dict[str, Any]:
    properties = {"title": title, "region": sender.region, "view": "timeSeries", "metrics": list(metrics), **more}
    return {"type": "metric", "properties": properties}
