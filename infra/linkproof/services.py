"""`docs/services.md`, written from the plug-ins' facts: what can be declared, and what each can do."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from linkproof import registry
from linkproof.registry import Plugin

# An ability is a file of the folder.
_ABILITIES = (
    ("component.py", "makes"),
    ("find.py", "finds after a kill"),
    ("guard.py", "guards"),
    ("rules.py", "checks"),
    ("answers.yaml", "is recognised"),
)
_MOST_TARGETS = 4
_INTRO = """\
# Services

Written from the plug-ins' facts by `python -m linkproof.services`. Each service is one folder of `infra/linkproof` and one line of
`registry.py`; its README there says which credentials and scopes it takes, its limits, and how to be rid of it.
"""


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
    yield f"\nRecognised by what they answer, and not to be declared yet: {', '.join(later)}.\n"


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
    sys.stdout.write(text())
