"""How many questions a hostile delegation can make anybody ask: counted, whatever the servers invent."""

from __future__ import annotations

import asyncio

import pytest
from linkproof.verify.survey.rounds import conduct

from tests.fuzz.walk import EXPECTATIONS, OPTIONS, HostilePort, OneRound, answer

# One record, one host. Thirteen servers with every quirk take a few hundred.
MOST_QUESTIONS = 2000
SOA = ("answer @", "SOA", "ns. host. 1 900 300 86400 60")
REFERRAL = answer(aa=False, sections=(("authority com", "NS", "ns.com."), ("additional ns.com", "A", "192.0.2.9")))


def questions(*answers: bytes) -> int:
    port = HostilePort(list(answers), patience=MOST_QUESTIONS)
    asyncio.run(conduct(EXPECTATIONS, OPTIONS, OneRound(port), {}, lambda _: None))
    return port.queries


def named(section: str, count: int) -> tuple[tuple[str, str, str], ...]:
    return tuple((f"{section} @", "NS", f"n{number}.@@@@.") for number in range(count))


@pytest.mark.parametrize("count", [1, 2])
def test_a_few_names_that_lead_to_others_are_followed_a_few_steps(count):
    assert questions(answer(aa=False, sections=named("authority", count))) < MOST_QUESTIONS


@pytest.mark.parametrize("section", ["authority", "answer"])
def test_names_that_each_lead_to_many_others_have_one_budget(section):
    """NXNSAttack, one step further: no name of the delegation is ever resolved, each only leads to another delegation."""
    assert questions(answer(aa=section == "answer", sections=named(section, 26))) < MOST_QUESTIONS


def test_a_zone_that_names_ever_new_servers_is_left_after_a_while():
    whole = answer(sections=(SOA, ("answer @", "A", "192.0.2.7"), ("answer @", "A", "192.0.2.8"), *named("answer", 2)))
    assert questions(REFERRAL, REFERRAL, whole, whole, whole) < MOST_QUESTIONS
