"""The registry and the folders; core code of the lab knows no service."""

from __future__ import annotations

import ast
import gc
import re
from pathlib import Path

import linkproof_lab
import pytest
from linkproof_lab.providers.packages import packages, provider
from linkproof_lab.service import ServiceError, service, services
from linkproof_lab.settings import LabSettings

LAB = Path(linkproof_lab.__file__).parent
OF_SERVICES = ("vendors", "edges", "senders", "dns")


def core_files() -> list[Path]:
    return [file for file in LAB.rglob("*.py") if file.relative_to(LAB).parts[0] not in (*OF_SERVICES, "registry.py")]


def named(file: Path, names: set[str]) -> set[str]:
    """Which of the names are words in a file's code, parts of longer names included."""
    return names & set(re.findall(r"[a-z0-9]+", words(file)))


def words(file: Path) -> str:
    """The code of a file: its names and texts, without docstrings and comments."""
    gc.disable()  # a collection in the middle that compiles something ends it on Python 3.11: python/cpython#106905
    try:
        tree = ast.parse(file.read_text())
    finally:
        gc.enable()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            node.value.value = ""
    return ast.unparse(tree).lower()


def test_core_code_names_no_service() -> None:
    names = {one.name for one in services() if one.name != "manual"}
    assert len(core_files()) > 40
    found = {str(file.relative_to(LAB)): named(file, names) for file in core_files()}
    assert not {file: which for file, which in found.items() if which}


def test_a_service_s_code_would_be_found_by_its_name() -> None:
    assert named(LAB / "edges/cloudfront/edge.py", {"aws", "cloudfront", "karte"}) == {"aws", "cloudfront"}


def test_every_folder_of_a_service_has_its_line_and_the_other_way_round() -> None:
    folders = {f"{kind}/{file.parent.name}" for kind in OF_SERVICES for file in LAB.glob(f"{kind}/*/facts.py")}
    assert folders == {one.key for one in services()}


def test_files_of_a_service_have_the_names_that_the_contract_knows() -> None:
    known = {"__init__", "facts", "zones", "api", "edge", "origin", "customers", "provider", "resources", "hints"}
    own = {one.key: {file.stem for file in LAB.glob(f"{one.key}/*.py")} - known for one in services()}
    assert {key: names for key, names in own.items() if names} == {
        "senders/sendgrid": {"links"},
        "senders/ses": {"links"},
        "senders/sparkpost": {"links"},
    }


def test_a_package_has_the_types_of_all_its_services() -> None:
    assert packages() == ("aws", "cloudflare", "fastly", "gcp", "azure-native")
    assert provider("aws").secret_names == ("accessKey", "secretKey", "token")
    with pytest.raises(ServiceError, match="no package 'other'"):
        provider("other")


def test_a_service_that_does_not_exist_is_named_with_those_that_do(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match=r"no edges/other(.|\n)*edges/cloudfront"):
        service("edges/other")
    with pytest.raises(ServiceError, match="no API of its own"):
        LabSettings(tmp_path).api_url("edges/cloudfront")
