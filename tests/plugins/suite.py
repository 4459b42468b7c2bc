"""What every plug-in must keep, whoever wrote it: asked of the registry's own and of the toys alike."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, get_args

import yaml
from linkproof import registry
from linkproof.contract.declared import PHASES, PHASES_AT_EDGE
from linkproof.contract.items import Record
from linkproof.declaration.load import load
from linkproof.declaration.model import Declaration
from linkproof.engine.find import finders, without_object
from linkproof.engine.guard.unknown import known_types
from linkproof.engine.state import record_types
from linkproof.expectations.derive import derive
from linkproof.expectations.model import parse
from linkproof.plan.build import build
from linkproof.registry import Plugin, SenderPlugin

from tests.program.recorded import Recorded, run

HEADINGS = ("## Credentials", "## Least scopes", "## Limits", "## How to remove")


def facts_have_their_sources(plugin: Plugin) -> None:
    facts = plugin.facts
    assert facts.NAME
    assert facts.SOURCES, "a fact without a source is a rumour"
    assert all(re.fullmatch(r"https://\S+", source) for source in facts.SOURCES)
    assert facts.VENDOR is None or facts.VENDOR in registry.vendors()


def an_edge_has_phases_in_order(name: str) -> None:
    facts = registry.edge(name).facts
    assert tuple(phase for phase in PHASES if phase in facts.PHASES) == facts.PHASES
    assert facts.PHASES[0] == "branded", "a link leaves from branded"
    assert set(facts.FAMILIES) <= {4, 6}


def folder_is_whole(plugin: Plugin) -> None:
    text = (plugin.folder / "README.md").read_text("utf-8")
    assert [heading for heading in HEADINGS if heading not in text] == []
    assert plugin.has("example.yaml")
    if plugin.has("server.py"):
        assert plugin.has("component.py"), "the guard must know for which hosts it answers"
        assert plugin.facts.VENDOR is None, "nobody's account: the state alone holds what is its"
    elif plugin.has("component.py"):
        assert plugin.facts.VENDOR is not None, "what makes objects needs credentials"
        assert plugin.has("state.py"), "what is made must be read back"
        assert plugin.has("find.py"), "what a killed engine has made must be found"


def options_name_the_plugin(plugin: Plugin, key: str) -> None:
    assert get_args(plugin.options.model_fields[key].annotation) == (plugin.name,)


def example_of(plugin: Plugin) -> Declaration:
    loaded = load(plugin.folder / "example.yaml")
    assert loaded.declaration is not None, [str(problem) for problem in loaded.problems]
    assert [str(problem) for problem in loaded.problems] == []
    return loaded.declaration


def uses(declaration: Declaration, plugin: Plugin) -> bool:
    named = {edge.provider for edge in declaration.edges.values()}
    named |= {link.edge for link in declaration.links.values() if link.edge}
    named |= {link.sender.provider for link in declaration.links.values()}
    named |= {zone.dns for zone in declaration.zones.values()}
    named |= {host.provider for host in declaration.tracking_hosts.values()}
    return plugin.name in named


def plan_is_whole(declaration: Declaration) -> None:
    """Every item has a name of its own, every link a click record, every expectation reads back."""
    plan = build(declaration)
    kinds = [(item.kind, item.engine_type, item.resource) for item in plan.items]
    assert len(set(kinds)) == len(kinds)
    assert {f"{link.click_host}/CNAME" for link in plan.links} <= {record.resource for record in plan.records}
    for link in plan.links:
        if link.phase in PHASES_AT_EDGE and link.edge_provider is not None:
            assert link.certificate != "none", "who answers over https must have one"
    document = derive(plan, lambda late: f"{late.output.replace('_', '-')}.{late.item}.")
    parse({**document, "stack": "test", "written_at": "2026-11-22T10:00:00Z"})


def only_the_click_record_moves(declaration: Declaration, plugin: SenderPlugin) -> int:
    """Through every phase and back each other record of the sender stands as it is. How many links were walked."""
    walked = [
        link
        for link in declaration.links.values()
        if link.sender.provider == plugin.name and link.edge not in (None, "managed")
    ]
    stays: dict[str, set[tuple[str, str]]] = {}
    for phase in (*PHASES, *reversed(PHASES)):
        changed = {link.key: replace(link, phase=phase) for link in walked}
        plan = build(replace(declaration, links={**declaration.links, **changed}))
        hosts = {link.click_host.text: link for link in walked}
        for record in plan.records:
            link = hosts.get(str(record.name))
            if link is None:
                if not record.id.endswith("/validation"):  # the edge's own
                    stays.setdefault(record.resource, set()).add((str(record.name), str(record.value)))
            elif phase in PHASES_AT_EDGE:
                assert record.proxied or str(record.value) != f"{plugin.plan.target(link.sender)}."
            else:
                assert (record.proxied, record.value) == (False, f"{plugin.plan.target(link.sender)}.")
    assert [name for name, seen in stays.items() if len(seen) > 1] == []
    return len(walked)


def answers_have_their_sources(plugin: Plugin) -> None:
    """What is sent to a sender is no click, and what its answer means is somebody's word with a date."""
    document = yaml.safe_load((plugin.folder / "answers.yaml").read_text("utf-8"))
    assert document["probe"]["method"] in ("GET", "HEAD")
    for said in (document["probe"], *document["marks"]):
        assert said["confidence"] in ("high", "medium", "low", "inferred")
        assert str(said["source"]).startswith("https://")
        assert isinstance(said["date"], date)


def what_is_kept_can_be_taken_over(plugin: Plugin) -> None:
    """Of every type that it makes, recover finds what a kill has left, and adopt says what a difference means."""
    types = plugin.state.TYPES if plugin.state is not None else frozenset()
    assert types <= {*finders(), *without_object()}
    meanings = plugin.adopt.MEANINGS if plugin.adopt is not None else {}
    assert set(meanings) <= types


def program_makes_the_plan(
    declaration: Declaration, file: Path, accounts: dict[str, Any], secrets: dict[str, Any] | None = None
) -> Recorded:
    """Each of our items is registered once, by its engine type and name, and protected as planned."""
    plan = build(declaration)
    recorded = run(file, accounts=accounts, secrets=secrets)
    made = {(one.type, one.name): one for one in recorded.resources}
    for item in plan.items:
        if item.is_ours:
            assert (item.engine_type, item.resource) in made
            assert made[item.engine_type, item.resource].protect == item.protect
    assert not any(
        isinstance(item, Record) and not item.is_ours and (item.engine_type, item.resource) in made
        for item in plan.items
    )
    return recorded


def everything_made_is_known(recorded: Recorded) -> None:
    """What the program makes, the guard reads, and recover finds or need not look for."""
    for one in recorded.resources:
        if one.type.startswith(("pulumi:providers:", "linkproof:")):
            continue
        assert one.type in known_types()
        assert one.type in finders() or one.type in without_object()
        assert one.type in record_types() or one.provider, "an object has an account"
