"""One suite over the whole registry: what is declared by a plug-in's name can be checked, planned, made, read back and found."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from linkproof import registry
from linkproof.registry import Plugin, SenderPlugin

from tests.plugins import suite

EDGES = [plugin.name for plugin in registry.edges()]
ALL = [
    *((plugin, "provider") for plugin in registry.edges()),
    *((plugin, "provider") for plugin in registry.senders()),
    *((plugin, "provider") for plugin in registry.tracking_services()),
    *((plugin, "dns") for plugin in registry.dns_hosts()),
]
IDS = [f"{type(plugin).__name__}-{plugin.name}" for plugin, _ in ALL]
# KeyCDN has no certificate but the user's own; any text will do where no engine runs.
ACCOUNTS = {
    "cdn": {"keycdn": {"zoneSuffix": "1a2b", "certificates": {"links": __file__}}},
    "web": {},
    "network": {},
    "ns1": {},
}
SECRETS = {"cdn": {"keycdnCertificateKeys": {"links": "a key"}}}


@pytest.mark.parametrize(("plugin", "key"), ALL, ids=IDS)
def test_the_folder_is_whole(plugin: Plugin, key: str) -> None:
    suite.facts_have_their_sources(plugin)
    suite.folder_is_whole(plugin)
    suite.options_name_the_plugin(plugin, key)


@pytest.mark.parametrize("name", EDGES)
def test_an_edge_has_phases_in_their_order(name: str) -> None:
    suite.an_edge_has_phases_in_order(name)


@pytest.mark.parametrize("plugin", [plugin for plugin, _ in ALL], ids=lambda one: f"{type(one).__name__}-{one.name}")
def test_the_example_is_checked_planned_and_made(plugin: Plugin) -> None:
    declaration = suite.example_of(plugin)
    assert suite.uses(declaration, plugin)
    suite.plan_is_whole(declaration)
    recorded = suite.program_makes_the_plan(declaration, plugin.folder / "example.yaml", ACCOUNTS, SECRETS)
    suite.everything_made_is_known(recorded)


@pytest.mark.parametrize("plugin", registry.senders(), ids=lambda one: one.name)
def test_a_sender_goes_through_the_phases_by_its_click_record_alone(plugin: SenderPlugin) -> None:
    assert suite.only_the_click_record_moves(suite.example_of(plugin), plugin) > 0
    suite.answers_have_their_sources(plugin)
    suite.what_is_kept_can_be_taken_over(plugin)
    assert plugin.facts.SECURED_BY


def test_a_folder_without_a_plan_is_recognised_and_not_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    from linkproof.services import text

    assert "`invented`" not in text()
    monkeypatch.setitem(registry.EDGES, "invented", "tests.plugins.recognised")
    assert registry.edge("invented").has("answers.yaml")
    assert "invented" not in {plugin.name for plugin in registry.edges()}
    (line,) = [line for line in text().splitlines() if "not to be declared yet" in line]
    assert "`invented`" in line


def test_the_page_of_services_is_current() -> None:
    from linkproof.services import text

    page = Path(__file__).parents[2] / "docs" / "services.md"
    assert page.read_text("utf-8") == text(), "run `python -m linkproof.services > docs/services.md`"


def test_the_page_of_senders_is_current() -> None:
    from linkproof.services import senders_text

    page = Path(__file__).parents[2] / "docs" / "senders.md"
    assert page.read_text("utf-8") == senders_text(), "run `python -m linkproof.services senders > docs/senders.md`"


def test_the_layers_hold() -> None:
    """`lint-imports` reads pyproject.toml; a line that points the wrong way fails here."""
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports")],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
