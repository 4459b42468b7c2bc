"""`docs/services.md` and `docs/senders.md`, written from the plug-ins: what can be declared, what each can do, what a sender needs."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import yaml

from linkproof import registry
from linkproof.contract.declared import Sender
from linkproof.declaration.load import require
from linkproof.plan.build import build
from linkproof.registry import Plugin, SenderPlugin

# An ability is a file of the folder.
_ABILITIES = (
    ("component.py", "makes"),
    ("find.py", "finds after a kill"),
    ("guard.py", "guards"),
    ("rules.py", "checks"),
    ("answers.yaml", "is recognised"),
)
_MOST_TARGETS = 4
_FORWARDED = {
    "no": "untouched",
    "for-host": "says the click host where Host does not arrive",
    "always": "says the click host",
}
_INTRO = """\
# Services

Written from the plug-ins' facts by `python -m linkproof.services`. Each service is one folder of `infra/linkproof` and one line of
`registry.py`; its README there says which credentials and scopes it takes, its limits, and how to be rid of it.
"""


_SENDERS_INTRO = """\
# Senders

Written from the plug-ins by `python -m linkproof.services senders`; `pytest tests/plugins` holds each sender to it, and walks its example through the
phases; `tests/engine/test_conformance.py` does so by the real engine in the lab, from nothing to `destroy`. What each takes of credentials and scopes, and its limits, is in the README of its folder.
"""


def senders_text() -> str:
    """The whole page of senders, in Markdown."""
    return "\n".join([_SENDERS_INTRO, *_needs(), *_records(), *_marks()])


def _needs() -> Iterator[str]:
    yield "## What an edge must bring to it\n"
    yield "| sender | forwards to | headers | query | cookies | methods | X-Forwarded-Host | an answer may be kept | HTTPS of its own | writes https once |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for sender in registry.senders():
        needs = sender.plan.edge_needs(_entry(sender))
        own = needs.own_edge
        kept = f"{needs.cache_seconds} s" if needs.cache_seconds else "no"
        managed = f"`{own.target}`, CA {' or '.join(own.cas)}" if own is not None else "no"
        yield (
            f"| `{sender.name}` | `{needs.origin}` | {', '.join(needs.headers)} | {needs.query_strings} | {needs.cookies} |"
            f" {', '.join(needs.methods)} | {_FORWARDED[needs.forwarded_host]} | {kept} | {managed} | {sender.facts.SECURED_BY} |"
        )
    yield ""


def _records() -> Iterator[str]:
    """What the examples have in DNS, by role: the click record is the only one that ever moves."""
    yield "## Records of its example, by phase\n"
    yield "| sender | link | phase | role | type | leads to |"
    yield "|---|---|---|---|---|---|"
    for sender in registry.senders():
        loaded = require(sender.folder / "example.yaml")
        plan = build(loaded)
        phases = {link.click_host.text: link.phase for link in loaded.links.values()}
        keys = {link.click_host.text: key for key, link in loaded.links.items()}
        for record in plan.records:
            owner, role = record.id.rpartition("/")[::2]
            if role == "validation":
                continue  # the edge's
            link = keys.get(str(record.name), owner)
            phase = phases.get(str(record.name), "")
            yield f"| `{sender.name}` | {link} | {phase} | {role} | {record.type} | `{str(record.value).removesuffix('.')}` |"
    yield ""


def _marks() -> Iterator[str]:
    yield "## How it is recognised\n"
    yield "The probe is sent once to each address; it is no click and opens nothing (how sure that is stands beside it).\n"
    yield "| sender | probe | mark | meaning | confidence | seen or written | source |"
    yield "|---|---|---|---|---|---|---|"
    for name, file in registry.answers(*registry.senders()).items():
        document = yaml.safe_load(file.read_text("utf-8"))
        probe = document["probe"]
        for mark in document["marks"]:
            yield (
                f"| `{name}` | `{probe['method']} {probe['path']}` ({probe['confidence']}) | {mark['id']} | {mark['meaning']} | {mark['confidence']} |"
                f" {mark['date']} | <{mark['source']}> |"
            )
    yield ""


def _entry(sender: SenderPlugin) -> Sender:
    """One account of the sender, as its example declares the first."""
    declaration = require(sender.folder / "example.yaml")
    return next(one for one in declaration.senders.values() if one.provider == sender.name)


def text() -> str:
    """The whole page, in Markdown."""
    return "\n".join([_INTRO, *_edges(), *_senders(), *_dns_hosts(), *_sources()])


def _edges() -> Iterator[str]:
    yield "## Edges (`edges.<key>.provider`)\n"
    yield "| provider | service | phases | reached over | account | here it |"
    yield "|---|---|---|---|---|---|"
    for plugin in registry.edges():
        facts = plugin.facts
        families = ", ".join(f"IPv{family}" for family in facts.FAMILIES)
        account = f"`{facts.VENDOR}`" if facts.VENDOR else "none"
        yield f"| `{plugin.name}` | {facts.NAME} | {', '.join(facts.PHASES)} | {families} | {account} | {_abilities(plugin)} |"
    later = [f"`{name}`" for name in registry.EDGES if not registry.edge(name).is_complete]
    yield f"\nRecognised by what they answer, and not to be declared yet: {', '.join(later)}.\n" if later else ""


def _senders() -> Iterator[str]:
    yield "## Senders (`links.<key>.sender`, `senders.<key>.provider`) and tracking services (`tracking_hosts.<key>.provider`)\n"
    yield "| provider | service | targets | here it |"
    yield "|---|---|---|---|"
    for sender in registry.senders():
        named = [f"`{name}` ({region})" if region else f"`{name}`" for name, region in sender.plan.targets()]
        more = f" and {len(named) - _MOST_TARGETS} regions more" if len(named) > _MOST_TARGETS else ""
        targets = ", ".join(named[:_MOST_TARGETS])
        yield f"| `{sender.name}` | {sender.facts.NAME} | {targets}{more} | {_abilities(sender)} |"
    for service in registry.tracking_services():
        yield f"| `{service.name}` | {service.facts.NAME} | `{service.plan.TARGET}` | {_abilities(service)} |"
    yield ""


def _dns_hosts() -> Iterator[str]:
    yield "## DNS hosts (`zones.<name>.dns`)\n"
    yield '| dns | service | servers follow within | TTLs | a "no such name" lives | here it |'
    yield "|---|---|---|---|---|---|"
    for host in registry.dns_hosts():
        facts = host.facts
        ttls = f"{facts.TTL_SECONDS[0]} to {facts.TTL_SECONDS[1]} s" if facts.TTL_SECONDS else "any"
        yield (
            f"| `{host.name}` | {facts.NAME} | {facts.PROPAGATION_SECONDS} s | {ttls} | {facts.NEGATIVE_TTL_SECONDS} s |"
            f" {_abilities(host) or 'is proved'} |"
        )
    yield ""


def _sources() -> Iterator[str]:
    yield "## Sources\n"
    for plugin in registry.plugins():
        for source in plugin.facts.SOURCES:
            yield f"* {plugin.facts.NAME}: <{source}>"
    yield ""


def _abilities(plugin: Plugin) -> str:
    return ", ".join(word for file, word in _ABILITIES if plugin.has(file))


if __name__ == "__main__":
    sys.stdout.write(senders_text() if sys.argv[1:] == ["senders"] else text())
