"""Where the events of configuration sets go, and what is made for that: each stream, bucket and topic once, whoever names it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from linkproof.contract.declared import Sender
from linkproof.contract.items import Item
from linkproof.contract.values import Late, Value
from linkproof.senders.ses.event_items import Bucket, Role, RolePolicy, Rule, Stream, Target, Topic, TopicPolicy
from linkproof.senders.ses.facts import DETAIL_TYPES, partition
from linkproof.senders.ses.items import EventDestination, set_resource
from linkproof.senders.ses.policies import FIREHOSE, SES, TO_BUCKET, TO_STREAM


class DeclaredSet(NamedTuple):
    """Args:
    path: of its entry.
    is_in_use: whether its link's clicks arrive through an edge.
    """

    name: str
    form: Any
    path: str
    is_in_use: bool


@dataclass(slots=True)
class _Made:
    """What several destinations may share, and the sets that do."""

    path: str
    form: Any
    sets: list[str] = field(default_factory=list)
    is_in_use: bool = False

    def used_by(self, one: DeclaredSet, resource: str) -> None:
        self.sets += [resource] if resource not in self.sets else []
        self.is_in_use |= one.is_in_use


def is_made(word: str) -> bool:
    """Whether a word of the declaration names what is made here; an ARN is of what exists."""
    return not word.startswith("arn:")


def role_names(stream: str, region: str) -> tuple[str, str]:
    """Of a made stream: SES's role, and the stream's own. Roles have no region, so that their names say it."""
    return f"{stream}-{region}-ses", f"{stream}-{region}-firehose"


def event_items(sender: Sender, sets: Sequence[DeclaredSet]) -> Iterator[Item]:
    """What is made for destinations, then the destinations."""
    streams: dict[str, _Made] = {}
    topics: dict[str, _Made] = {}
    for one in sets:
        resource = set_resource(sender.account, sender.region, one.name)
        for key, form in (one.form.events or {}).items():
            made, word = {"firehose": (streams, "stream"), "sns": (topics, "topic")}.get(form.to, ({}, ""))
            if word and is_made(name := getattr(form, word)):
                path = f"{one.path}.events.{key}"
                made.setdefault(name, _Made(path, form)).used_by(one, resource)
    yield from _buckets(sender, streams)
    for name, made_stream in streams.items():
        yield from _stream(sender, name, made_stream)
    for name, made_topic in topics.items():
        yield from _topic(sender, name, made_topic)
    for one in sets:
        for key, form in (one.form.events or {}).items():
            yield from _destination(sender, one, key, form)


def bucket_resource(account: str, name: str) -> str:
    return f"{account}/s3.bucket/{name}"


def role_resource(account: str, name: str) -> str:
    return f"{account}/iam.role/{name}"


def _regional(sender: Sender, kind: str, name: str) -> str:
    """No name of a configuration set has a dot, so that none of its destinations is called the same."""
    return f"{sender.account}/{sender.region}/{kind}/{name}"


def _buckets(sender: Sender, streams: dict[str, _Made]) -> Iterator[Bucket]:
    shared: dict[str, _Made] = {}
    for one in streams.values():
        if one.form.bucket is not None and is_made(one.form.bucket):
            shared.setdefault(one.form.bucket, _Made(one.path, one.form)).is_in_use |= one.is_in_use
    for name, one in shared.items():
        resource = bucket_resource(sender.account, name)
        yield Bucket(resource, f"{one.path}.bucket", name, sender.account, sender.region, one.is_in_use)


def _stream(sender: Sender, name: str, made: _Made) -> Iterator[Item]:
    account, path = sender.account, f"{made.path}.stream"
    stream = _regional(sender, "firehose.stream", name)
    sets = tuple(made.sets)
    named = made.form.bucket
    bucket = f"arn:{partition(sender.region)}:s3:::{named}" if is_made(named) else named
    in_bucket = (bucket_resource(account, named),) if is_made(named) else ()
    taken, own = (role_resource(account, role) for role in role_names(name, sender.region))
    taken_name, own_name = role_names(name, sender.region)
    yield Role(own, path, own_name, account, FIREHOSE, sets, sets)
    yield RolePolicy(f"{own}/write", path, "write", own, account, TO_BUCKET, (bucket, f"{bucket}/*"), (own, *in_bucket))
    yield Stream(
        resource=stream,
        path=path,
        name=name,
        account=account,
        region=sender.region,
        bucket=bucket,
        prefix=f"{name}/",
        role=own,
        needs=(own, f"{own}/write", *in_bucket),
    )
    yield Role(taken, path, taken_name, account, SES, sets, sets)
    yield RolePolicy(f"{taken}/put", path, "put", taken, account, TO_STREAM, (_arn(stream),), (taken, stream))


def _topic(sender: Sender, name: str, made: _Made) -> Iterator[Item]:
    topic, path, sets = _regional(sender, "sns.topic", name), f"{made.path}.topic", tuple(made.sets)
    yield Topic(topic, path, name, sender.account, sender.region, made.form.key or "", made.is_in_use)
    yield TopicPolicy(
        resource=f"{topic}/policy",
        path=path,
        account=sender.account,
        region=sender.region,
        topic=_arn(topic),
        sources=sets,
        needs=(topic, *sets),
    )


def _destination(sender: Sender, one: DeclaredSet, key: str, form: Any) -> Iterator[Item]:
    resource = set_resource(sender.account, sender.region, one.name)
    path = f"{one.path}.events.{key}"
    arns: tuple[tuple[str, Value], ...] = ()
    needs: tuple[str, ...] = ()
    match form.to:
        case "firehose" if is_made(form.stream):
            role = role_resource(sender.account, role_names(form.stream, sender.region)[0])
            stream = _regional(sender, "firehose.stream", form.stream)
            arns, needs = (("stream", _arn(stream)), ("role", _arn(role))), (stream, role, f"{role}/put")
        case "firehose":
            arns = (("stream", form.stream), ("role", form.role or ""))
        case "sns" if is_made(form.topic):
            topic = _regional(sender, "sns.topic", form.topic)
            arns, needs = (("topic", _arn(topic)),), (topic, f"{topic}/policy")
        case "sns":
            arns = (("topic", form.topic),)
        case "eventbridge":
            arns = (("bus", form.bus or Late(resource, "bus", "the default bus of")),)
            if form.rule is not None:
                rule = _regional(sender, "events.rule", form.rule)
                yield Rule(
                    rule, f"{path}.rule", form.rule, sender.account, sender.region, _pattern(one.name, form.types)
                )
                yield Target(
                    resource=f"{rule}/target",
                    path=f"{path}.target",
                    name=form.rule,
                    rule=rule,
                    account=sender.account,
                    region=sender.region,
                    arn=form.target or "",
                    role=form.role or "",
                    needs=(rule,),
                )
                needs = (rule, f"{rule}/target")
    yield EventDestination(
        resource=f"{resource}/{key}",
        path=path,
        name=key,
        configuration_set=resource,
        account=sender.account,
        region=sender.region,
        to=form.to,
        types=tuple(sorted({kind.replace("-", "_").upper() for kind in form.types})),
        enabled=form.enabled,
        arns=arns,
        dimensions=tuple(
            (each.name, each.source.replace("-", "_").upper(), each.default) for each in getattr(form, "dimensions", ())
        ),
        needs=(resource, *needs),
    )


def _arn(resource: str) -> Late:
    return Late(resource, "arn", "the ARN of")


def _pattern(configuration_set: str, types: Sequence[str]) -> str:
    """The source alone would take Advisor and Sending Status events with them, and those of every other set."""
    wanted = {
        "source": ["aws.ses"],
        "detail-type": sorted({DETAIL_TYPES[kind] for kind in types}),
        "detail": {"mail": {"tags": {"ses:configuration-set": [configuration_set]}}},
    }
    return json.dumps(wanted, separators=(",", ":"))
