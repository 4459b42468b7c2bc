"""What a mail needs."""

from __future__ import annotations

import pytest
from linkproof.errors import LinkproofError
from linkproof.senders.ses.mail import MailNeeds, needs_of, sample

from tests.managed import read

TEXT = """version: 1
zones:
  example.net: {dns: route53, id: Z0EXAMPLE0NET}
senders:
  mail:
    provider: ses
    region: eu-west-1
    manage:
      configuration_sets:
        news:
          link: one
          events:
            metrics:
              to: cloudwatch
              types: [send, click]
              dimensions:
                - {name: campaign, source: message-tag, default: none}
                - {name: "ses:from-domain", source: message-tag, default: none}
                - {name: place, source: link-tag, default: none}
                - {name: X-Kind, source: email-header, default: letter}
            off: {to: cloudwatch, types: [open], enabled: false, dimensions: [{name: never, source: message-tag, default: none}]}
        plain: {link: one, https: opens}
edges:
  aws: {provider: cloudfront}
links:
  one: {sender: mail, click_host: click.example.net, edge: aws, phase: PHASE}
  two: {sender: mail, click_host: click2.example.net, phase: branded}
  other: {sender: sendgrid, click_host: url1.example.net, owner_host: 1234567.example.net, phase: branded}
"""


def needs(phase: str = "live", link: str = "one") -> list[MailNeeds]:
    return needs_of(read(TEXT.replace("PHASE", phase)).links[link])


def test_what_a_destination_wants_and_ses_does_not_say_itself_is_asked_of_the_mail() -> None:
    news, plain = needs()
    assert dict(news.message_tags) == {"campaign": "none"}
    assert (dict(news.link_tags), dict(news.headers)) == ({"place": "none"}, {"X-Kind": "letter"})
    assert (news.counts_clicks, news.counts_opens) == (True, False), "a destination that is off wants nothing"
    assert plain.smtp_headers({}) == {"X-SES-CONFIGURATION-SET": "plain"}
    assert plain.parameters({}) == {"ConfigurationSetName": "plain"}


def test_a_given_tag_takes_the_place_of_its_default() -> None:
    news = needs()[0]
    assert news.smtp_headers({"campaign": "book", "genre": "sf"}) == {
        "X-SES-CONFIGURATION-SET": "news",
        "X-SES-MESSAGE-TAGS": "campaign=book, genre=sf",
        "X-Kind": "letter",
    }
    assert news.parameters({"campaign": "book"})["EmailTags"] == [{"Name": "campaign", "Value": "book"}]


@pytest.mark.parametrize(("phase", "is_https"), [("live", [False, False]), ("secured", [True, False])])
def test_links_are_https_where_the_deployed_policy_says_it_of_clicks(phase: str, is_https: list[bool]) -> None:
    assert [one.is_https for one in needs(phase)] == is_https


def test_a_test_mail_has_one_link_with_its_tags_and_nothing_of_it_is_markup() -> None:
    mail = sample(needs()[0], {}, "a@example.net", "b@example.com", 'https://example.com/?a=1&b="2"')
    html = mail["Content"]["Simple"]["Body"]["Html"]["Data"]
    assert html.count("<a ") == 1
    assert 'href="https://example.com/?a=1&amp;b=&quot;2&quot;" ses:tags="place:none;"' in html
    assert mail["Content"]["Simple"]["Headers"] == [{"Name": "X-Kind", "Value": "letter"}]


@pytest.mark.parametrize(
    ("link", "words"), [("other", "is a link of sendgrid"), ("two", "no configuration set of senders.mail names")]
)
def test_a_link_without_a_configuration_set_is_refused(link: str, words: str) -> None:
    with pytest.raises(LinkproofError, match=words):
        needs(link=link)
