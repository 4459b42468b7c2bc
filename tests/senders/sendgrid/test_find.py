"""What `recover` and `adopt` find at SendGrid, and why it may not be this stack's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from linkproof.errors import LinkproofError
from linkproof.senders.sendgrid import adopt, client, find
from linkproof.senders.sendgrid.account import Options, Secrets
from linkproof.senders.sendgrid.items import API_KEY, BRANDING, DOMAIN, SUBUSER, WEBHOOK
from linkproof_lab.senders.sendgrid.facts import SENDGRID_KEY

from tests.lab.sendgrid.running import SendGridLab, running

INPUTS = {"domain": "example.net", "subdomain": "url1"}


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[SendGridLab]:
    with running(tmp_path / "lab") as made:
        yield made


@pytest.fixture
def api(lab: SendGridLab) -> Any:
    secrets = Secrets(sendgridApiKey=SENDGRID_KEY)
    return client.client("default", Options(baseUrl=lab.url), secrets, "dev")


def test_a_brand_that_nobody_has_validated_is_the_one_that_was_being_made(lab: Any, api: Any) -> None:
    assert list(find.FINDERS[BRANDING](INPUTS, api)) == []
    link = lab.link("url1")
    lab.link("url2")
    (found,) = find.FINDERS[BRANDING](INPUTS, api)
    assert (found.id, found.doubt) == (str(link["id"]), "")


def test_a_validated_brand_is_in_doubt_for_recover_and_adopted_by_its_host(lab: Any, api: Any) -> None:
    link = lab.link("url1")
    lab.publish_link(link)
    lab.call("POST", f"whitelabel/links/{link['id']}/validate")
    (found,) = find.FINDERS[BRANDING](INPUTS, api)
    assert "validated" in found.doubt
    (taken,) = adopt.FINDERS[BRANDING](INPUTS, api)
    assert (taken.id, taken.doubt) == (str(link["id"]), "")


def test_a_subuser_s_brand_is_found_for_it_alone(lab: Any, api: Any) -> None:
    lab.subuser("news")
    made = lab.call("POST", "whitelabel/links", INPUTS, user="news").json()
    assert list(find.FINDERS[BRANDING](INPUTS, api)) == []
    (found,) = find.FINDERS[BRANDING]({**INPUTS, "subuser": "news"}, api)
    assert found.id == f"news/{made['id']}"


def test_a_key_of_that_name_is_never_taken(lab: Any, api: Any) -> None:
    lab.call("POST", "api_keys", {"name": "sending", "scopes": ["mail.send"]})
    (found,) = find.FINDERS[API_KEY]({"name": "sending", "scopes": ["mail.send"]}, api)
    assert "shown once" in found.doubt


def test_a_webhook_is_found_by_its_url_which_is_not_shown(lab: Any, api: Any) -> None:
    url = "https://hook.example/planted-secret"
    lab.call("POST", "user/webhooks/event/settings", {"url": url, "friendly_name": "a"})
    (same,) = find.FINDERS[WEBHOOK]({"url": url, "friendlyName": "a"}, api)
    (other,) = find.FINDERS[WEBHOOK]({"url": url, "friendlyName": "b"}, api)
    assert (same.doubt, other.doubt) == ("", "it is named a")
    assert "planted" not in str((same, other))


@pytest.mark.parametrize("hidden", ["[secret]", {"ciphertext": "v1:x"}])
def test_a_webhook_whose_url_is_a_secret_is_found_by_its_name_in_doubt(lab: Any, api: Any, hidden: Any) -> None:
    for name in ("KARTE", "b"):
        url = f"https://hook.example/planted-{name}"
        lab.call("POST", "user/webhooks/event/settings", {"url": url, "friendly_name": name})
    (found,) = find.FINDERS[WEBHOOK]({"url": hidden, "friendlyName": "KARTE"}, api)
    assert "its name alone tells" in found.doubt


def test_a_domain_that_nobody_has_validated_is_the_one_that_was_being_made(lab: Any, api: Any) -> None:
    inputs = {"domain": "mail.example.net", "subdomain": "em1"}
    assert list(find.FINDERS[DOMAIN](inputs, api)) == []
    made = lab.call("POST", "whitelabel/domains", inputs).json()
    lab.call("POST", "whitelabel/domains", {**inputs, "subdomain": "em2"})
    (found,) = find.FINDERS[DOMAIN](inputs, api)
    assert (found.id, found.doubt) == (str(made["id"]), "")
    lab.publish_link(made)
    lab.call("POST", f"whitelabel/domains/{made['id']}/validate")
    (found,) = find.FINDERS[DOMAIN](inputs, api)
    assert "validated" in found.doubt


def test_a_subuser_is_the_one_that_was_being_made_where_it_has_nothing_yet(lab: Any, api: Any) -> None:
    inputs = {"username": "news", "email": "a@example.net"}
    assert list(find.FINDERS[SUBUSER](inputs, api)) == []
    lab.subuser("news")
    (found,) = find.FINDERS[SUBUSER](inputs, api)
    assert (found.id, found.doubt) == ("news", "")
    (other,) = find.FINDERS[SUBUSER]({**inputs, "email": "b@example.net"}, api)
    assert "its address is a@example.net" in other.doubt
    lab.call("POST", "whitelabel/links", INPUTS, user="news")
    (used,) = find.FINDERS[SUBUSER](inputs, api)
    assert "it has branded links" in used.doubt
    assert [one.doubt for one in adopt.FINDERS[SUBUSER](inputs, api)] == [""]


def test_without_a_key_the_way_to_set_one_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SENDGRID_API_KEY", raising=False)
    with pytest.raises(LinkproofError) as refused:
        client.client("brand", Options(), Secrets(), "prod")
    assert "linkproof:secrets.brand.sendgridApiKey" in refused.value.fix
