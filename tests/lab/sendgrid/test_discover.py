"""`init --sender sendgrid`: the account's links as its API has them, read and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from linkproof.declaration.load import load
from linkproof.senders.sendgrid import discover
from linkproof.senders.sendgrid.api import SendGridApi
from linkproof_lab.senders.sendgrid.facts import SENDGRID_KEY

from tests.commands.cli import linkproof
from tests.lab.sendgrid.running import SendGridLab


def test_every_brand_of_the_account_is_read_with_its_owner_host(lab: SendGridLab) -> None:
    first = lab.link("url1")
    lab.link("url2")
    lab.publish_link(first)
    lab.call("POST", f"whitelabel/links/{first['id']}/validate")
    asked = len(lab.asked())
    answer = discover.answer(SendGridApi(lab.url, SENDGRID_KEY))
    assert [method for method, _, _ in lab.asked()[asked:]] == ["GET"], "it only reads"
    brands = {brand.host: brand for brand in discover.brands(answer, "sendgrid")}
    assert set(brands) == {"url1.example.net", "url2.example.net"}
    owner = next(one["host"] for role, one in first["dns"].items() if role == "owner_cname")
    assert {brand.owner_host for brand in brands.values()} == {owner}
    assert brands["url1.example.net"].notes == ()
    assert "is not valid" in brands["url2.example.net"].notes[0]


def test_init_asks_the_account_and_writes_what_no_record_tells(
    lab: SendGridLab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = lab.link("url1")
    owner = next(one["host"] for role, one in made["dns"].items() if role == "owner_cname")
    (tmp_path / "Pulumi.yaml").write_text("name: linkproof\nruntime: python\n")
    config = {"linkproof:accounts": {"brand": {"sendgrid": {"baseUrl": lab.url}}}}
    (tmp_path / "Pulumi.prod.yaml").write_text(yaml.safe_dump({"config": config}))
    (tmp_path / "zone").write_text("$ORIGIN example.net.\n$TTL 300\n@ SOA a. b. 1 2 3 4 5\nurl1 CNAME sendgrid.net.\n")
    monkeypatch.setenv("SENDGRID_API_KEY", SENDGRID_KEY)
    done = linkproof("init", "prod", "--offline", "--zone-file", "zone", "--sender", "sendgrid=brand", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    loaded = load(tmp_path / "stacks" / "prod.yaml")
    assert loaded.declaration is not None, loaded.problems
    (link,) = loaded.declaration.links.values()
    assert (str(link.owner_host), link.phase) == (owner, "branded")
    assert not [one for one in lab.asked() if one[0] == "POST" and "validate" in one[1]]
