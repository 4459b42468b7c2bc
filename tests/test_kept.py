"""What adopted resources keep as it was found: the file, and what it does to declared values."""

from __future__ import annotations

from pathlib import Path

import pytest
from linkproof.kept import VARIABLE, Kept, KeptFileError, as_found, file_for_program, kept_file, read_kept, write_kept

RECORD = "aws:route53/record:Record"
KEPT = (
    Kept()
    .with_more([("b:T", "two", "tags"), ("b:T", "two", "comment"), ("a:T", "one", "comment")])
    .with_spelling(RECORD, "url1.example.net/CNAME", "records", ["SendGrid.net."])
)


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "adopted" / "dev.yaml"
    write_kept(file, KEPT)
    assert read_kept(file) == KEPT
    assert "commit it" in file.read_text()
    first = file.read_text()
    write_kept(file, KEPT.with_more([("a:T", "one", "comment")]))
    assert file.read_text() == first, "the same content is the same file"
    assert [path.name for path in file.parent.iterdir()] == ["dev.yaml"]


def test_without_a_file_nothing_is_kept(tmp_path: Path) -> None:
    assert read_kept(tmp_path / "none.yaml") == Kept()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "keep: {}",
        "version: 2",
        "version: 1\nkept: {}",
        "version: 1\nkeep: [a]",
        "version: 1\nkeep: {a: [b]}",
        "version: 1\nkeep: {a: {b: comment}}",
        "version: 1\nkeep: {a: {b: [1]}}",
        "version: 1\nspelled: {a: {b: [c]}}",
        "version: 1\nspelled: {a: {b: {records: c}}}",
        "version: 1\nkeep: {",
    ],
)
def test_a_file_that_is_not_understood_is_refused(tmp_path: Path, text: str) -> None:
    """An entry that is silently left out would let the next deployment change what is live."""
    file = tmp_path / "dev.yaml"
    file.write_text(text)
    with pytest.raises(KeptFileError, match=r"dev\.yaml"):
        read_kept(file)


@pytest.mark.parametrize(
    ("declared", "given"),
    [
        (["sendgrid.net"], ["SendGrid.net."]),
        (["sendgrid.net."], ["SendGrid.net."]),
        (["d1.cloudfront.net"], ["d1.cloudfront.net"]),
        ([], []),
    ],
)
def test_a_value_that_means_the_same_is_written_as_found_and_another_as_declared(
    declared: list[str], given: list[str]
) -> None:
    assert as_found(declared, found=("SendGrid.net.",)) == given


@pytest.mark.parametrize(
    ("declared", "found", "given"),
    [
        ('"3f0C"', "3f0C", "3f0C"),
        ("3f0C", '"3f0C"', '"3f0C"'),
        ('"3f0C"', "3f0c", '"3f0C"'),
        ("sendgrid.net", "SendGrid.net", "SendGrid.net"),
        ("sendgrid.net", "d1.cloudfront.net", "sendgrid.net"),
    ],
)
def test_so_is_a_single_one_and_a_text_is_another_in_another_case(declared: str, found: str, given: str) -> None:
    assert as_found(declared, found=(found,)) == given


def test_the_file_is_beside_the_declaration_unless_one_is_being_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declaration = tmp_path / "stacks" / "dev.yaml"
    assert file_for_program(declaration, "dev") == kept_file(declaration, "dev") == tmp_path / "stacks/adopted/dev.yaml"
    monkeypatch.setenv(VARIABLE, str(tmp_path / "tried.yaml"))
    assert file_for_program(declaration, "dev") == tmp_path / "tried.yaml"
