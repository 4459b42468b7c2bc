"""`linkproof ses`: what it prints without asking anybody, and what it refuses first. Sending and reading: tests/engine/test_ses.py."""

from __future__ import annotations

import json
from pathlib import Path

from tests.commands.cli import linkproof, refused
from tests.senders.ses.test_mail import TEXT


def test_the_command_prints_both_ways_and_sends_nothing_by_itself(project: Path) -> None:
    (project / "stacks" / "test.yaml").write_text(TEXT.replace("PHASE", "live"))
    done = linkproof("ses", "send-test", "one", "--stack", "test", "--tag", "campaign=book", cwd=project)
    assert done.returncode == 0, done.stderr
    assert "X-SES-MESSAGE-TAGS: campaign=book\n" in done.stdout
    assert 'EmailTags: [{"Name": "campaign", "Value": "book"}]' in done.stdout
    assert 'ses:tags="place:none;"' in done.stdout
    assert "sent" not in done.stdout
    document = json.loads(linkproof("ses", "send-test", "one", "--stack", "test", "--json", cwd=project).stdout)
    assert [one["message_id"] for one in document["configuration_sets"]] == [None, None]


def test_what_cannot_be_sent_is_refused_before_anything_is(project: Path) -> None:
    (project / "stacks" / "test.yaml").write_text(TEXT.replace("PHASE", "live"))
    of_stack = ("ses", "send-test", "one", "--stack", "test")
    assert "--send needs --from" in refused(*of_stack, "--send", cwd=project)
    assert "letters, digits, - and _" in refused(*of_stack, "--tag", "a b=c", cwd=project)
    assert "is no link" in refused("ses", "events", "absent", "--stack", "test", cwd=project)
