"""What is wrong with an event destination: by itself, and beside others that name the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from linkproof.contract.declared import Sender
from linkproof.contract.rules import Fault
from linkproof.senders.ses.destinations import is_made, role_names
from linkproof.senders.ses.facts import AUTO_TAGS, NO_DIMENSIONS

_MOST_OF_A_ROLE_NAME = 64


def single_faults(path: str, form: Any, sender: Sender) -> Iterator[Fault]:
    """Of one destination.

    Args:
        path: of its entry.
    """
    if form.to == "pinpoint":
        message = "Amazon Pinpoint ended on 2026-10-30, and no event arrives there any more"
        yield Fault(f"{path}.to", message, "write `to: eventbridge` with a rule, or `firehose` for an archive")
        return
    yield from _regions(path, form, sender)
    yield from {"firehose": _firehose, "sns": _sns, "eventbridge": _eventbridge, "cloudwatch": _cloudwatch}[form.to](
        path, form, sender
    )


def shared_faults(sender: Sender, sets: Sequence[tuple[str, Any]]) -> Iterator[Fault]:
    """What two destinations make under one name is one thing: it has one bucket, one key; a rule is of one destination."""
    seen: dict[tuple[str, str], tuple[str, str | None]] = {}
    for name, one in sets:
        for key, form in (one.events or {}).items():
            path = f"{sender.path}.manage.configuration_sets.{name}.events.{key}"
            for word, other in (("stream", "bucket"), ("topic", "key"), ("rule", "")):
                made = getattr(form, word, None)
                if made is None or not is_made(made):
                    continue
                wanted = getattr(form, other, None) if other else path
                first, held = seen.setdefault((word, made), (path, wanted))
                if first != path and held != wanted:
                    message = f"{first} makes the {word} {made} too" + (f", with another {other}" if other else "")
                    fix = f"give it the same {other}, or another name" if other else "give each a rule of its own"
                    yield Fault(f"{path}.{other or word}", message, fix)


def _regions(path: str, form: Any, sender: Sender) -> Iterator[Fault]:
    for word in ("stream", "topic", "bus", "key"):
        arn = getattr(form, word, None)
        if arn is None or is_made(arn):
            continue
        region = arn.split(":")[3]
        if region != sender.region:
            message = f"it is in {region or 'no region'}, and this sender in {sender.region}"
            yield Fault(f"{path}.{word}", message, "name one of its region")


def _firehose(path: str, form: Any, sender: Sender) -> Iterator[Fault]:
    if is_made(form.stream):
        if form.role is not None:
            message = "a stream that is made here has its own roles"
            yield Fault(f"{path}.role", message, "remove it, or name the ARN of a stream that exists")
        if form.bucket is None:
            message = f"the stream {form.stream} is made here, and nothing says where to"
            yield Fault(path, message, "add `bucket: NAME`, or the ARN of one that exists")
        longest = max(role_names(form.stream, sender.region), key=len)
        if len(longest) > _MOST_OF_A_ROLE_NAME:
            message = (
                f"its role would be called {longest}, and a role's name has at most {_MOST_OF_A_ROLE_NAME} characters"
            )
            yield Fault(f"{path}.stream", message, f"shorten it by {len(longest) - _MOST_OF_A_ROLE_NAME}")
    else:
        if form.role is None:
            message = "SES takes a role to write to a stream that exists"
            yield Fault(path, message, "add `role: arn:aws:iam::…`, or name the stream without an ARN: it is made then")
        if form.bucket is not None:
            message = "a stream that exists has its bucket already"
            yield Fault(f"{path}.bucket", message, "remove it, or name the stream without an ARN: it is made then")


def _sns(path: str, form: Any, sender: Sender) -> Iterator[Fault]:
    del sender
    if is_made(form.topic):
        return
    if form.topic.endswith(".fifo"):
        yield Fault(f"{path}.topic", "SES publishes to standard topics alone", "name a topic that is no FIFO topic")
    if form.key is not None:
        message = "a topic that exists has its key already"
        yield Fault(f"{path}.key", message, "remove it, or name the topic without an ARN: it is made then")


def _eventbridge(path: str, form: Any, sender: Sender) -> Iterator[Fault]:
    del sender
    if form.bus is not None and not form.bus.endswith(":event-bus/default"):
        yield Fault(
            f"{path}.bus", "SES publishes to the default bus alone", "name it, and forward by a rule of its own"
        )
    if form.rule is not None and form.target is None:
        yield Fault(path, f"the rule {form.rule} leads nowhere", "add `target: arn:…`, what takes the events")
    for word in ("target", "role"):
        if form.rule is None and getattr(form, word) is not None:
            yield Fault(f"{path}.{word}", "no rule is made here that would have it", "add `rule: NAME`, or remove it")


def _cloudwatch(path: str, form: Any, sender: Sender) -> Iterator[Fault]:
    del sender
    for number, one in enumerate(form.dimensions):
        where = f"{path}.dimensions.{number}"
        if one.source == "email-header" and one.name.lower() in NO_DIMENSIONS:
            yield Fault(f"{where}.name", f"the header {one.name} cannot be a dimension", "use a message tag")
        if one.source == "email-header" and one.name in AUTO_TAGS:
            message = f"{one.name} is a tag of SES's own and no header: the default would always be published"
            yield Fault(f"{where}.source", message, "write `source: message-tag`", "warning")
