"""Hosts as people give them, and the links of a saved mail."""

from __future__ import annotations

import email.policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from linkproof.look.inputs import InvalidInputError, host_of, hosts_of
from linkproof.look.mail import read_mail


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("url1.example.com", "url1.example.com"),
        ("URL1.Example.COM.", "url1.example.com"),
        ("https://url1.example.com/ls/click?upn=x#y", "url1.example.com"),
        ("http://user@url1.example.com:8080/", "url1.example.com"),
        ("url1.example.com/ls/click", "url1.example.com"),
        ("url1.bücher.org", "url1.xn--bcher-kva.org"),
    ],
)
def test_a_host_is_read_from_what_people_have(text: str, host: str) -> None:
    assert host_of(text) == host


@pytest.mark.parametrize(
    "text",
    ["", "example", "192.0.2.1", "https://192.0.2.1/", "https:///x", "a b.example", "-x.example.com", "http://[::1"],
)
def test_what_names_no_host_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(InvalidInputError, match=r"^list\.txt:3: "):
        host_of(text, "list.txt:3")


def test_lines_of_a_file_each_once_with_comments(tmp_path: Path) -> None:
    file = tmp_path / "hosts"
    file.write_text("# ours\nurl1.example.com  # the newsletter\n\nhttps://url2.example.com/#x\nURL1.example.com\n")
    assert hosts_of(["url2.example.com"], [str(file)]) == ["url2.example.com", "url1.example.com"]
    file.write_text("url1.example.com\nnonsense\n")
    with pytest.raises(InvalidInputError, match=r"hosts:2: 'nonsense'"):
        hosts_of([], [str(file)])
    with pytest.raises(InvalidInputError, match="No such file"):
        hosts_of([], [str(tmp_path / "missing")])


def mail(tmp_path: Path, html: str, text: str = "", charset: str = "utf-8") -> str:
    message = EmailMessage()
    message["Subject"] = "x"
    message.set_content(text or "hello", charset=charset)
    message.add_alternative(html, subtype="html", charset=charset, cte="quoted-printable")
    file = tmp_path / "mail.eml"
    file.write_bytes(message.as_bytes())
    return str(file)


def test_a_mail_gives_hosts_and_schemes_and_tells_links_from_images(tmp_path: Path) -> None:
    html = """<html><body background="http://bg.example.com/x.png"><a href=" HTTPS://Url1.Example.com/ls/click?a=1&amp;b=2">x</a>
    <a href='http://url1.example.com/y'>y</a><a href="mailto:x@mail.example">m</a><area href="https://url2.example.com/">
    <img src="http://url1.example.com/wf/open?upn=1"><a href="http://192.0.2.1/">z</a></body></html>"""
    found = read_mail(mail(tmp_path, html, "See http://url3.example.com/x."))
    counted = {host: (one.http, one.https, one.images) for host, one in found.hosts.items()}
    assert counted == {
        "url3.example.com": (1, 0, 0),
        "bg.example.com": (0, 0, 1),
        "url1.example.com": (1, 1, 1),
        "url2.example.com": (0, 1, 0),
    }
    assert found.unread == 1


def test_a_saved_page_and_other_charsets_are_read_and_a_mail_without_links_is_said(tmp_path: Path) -> None:
    page = tmp_path / "mail.html"
    page.write_text("\n <!doctype html><a href='https://url1.example.com/'>x</a>")
    assert list(read_mail(str(page)).hosts) == ["url1.example.com"]
    assert list(read_mail(mail(tmp_path, "<a href='https://url1.example.com/'>ü</a>", charset="iso-8859-1")).hosts) == [
        "url1.example.com"
    ]
    with pytest.raises(InvalidInputError, match="no link"):
        read_mail(mail(tmp_path, "<p>https is not a link</p>"))


@pytest.mark.parametrize(("octets_per_line", "encoded"), [(78, ["List-Unsubscribe", "X-SMTPAPI"]), (998, [])])
def test_the_one_click_link_is_read_and_headers_that_programs_cannot_read_are_named(
    tmp_path: Path, octets_per_line: int, encoded: list[str]
) -> None:
    message = EmailMessage(policy=email.policy.SMTP.clone(max_line_length=octets_per_line))
    message["Subject"] = "\N{GREEK SMALL LETTER ALPHA}: encoded as it must be"
    message["List-Unsubscribe"] = f"<mailto:out@example.com>,<https://url1.example.com/u/{'aB-_9' * 20}>"
    message["X-SMTPAPI"] = '{"asm_group_id":12,"category":["black-friday-abandoned-basket-reminder-second-wave"]}'
    message.set_content("no link here")
    file = tmp_path / "mail.eml"
    file.write_bytes(message.as_bytes())
    found = read_mail(str(file))
    assert {host: one.https for host, one in found.hosts.items()} == {"url1.example.com": 1}
    assert found.encoded_headers == encoded


def test_a_charset_that_nobody_knows_loses_no_link(tmp_path: Path) -> None:
    file = tmp_path / "mail.eml"
    file.write_bytes(b"Content-Type: text/html; charset=x-none\r\n\r\n<a href='https://url1.example.com/'>\xff</a>")
    assert list(read_mail(str(file)).hosts) == ["url1.example.com"]
