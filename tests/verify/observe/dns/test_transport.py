"""The engine for thousands of questions: none lost, none mixed up, none forged, and never more under way than a server bears."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from dataclasses import replace

import pytest
from linkproof.verify.evidence.writer import EvidenceWriter
from linkproof.verify.observations.answer import NoUsableReply, Reply
from linkproof.verify.observations.vantage import Vantage
from linkproof.verify.observe.dns.attempts import GIVEN_UP_AFTER
from linkproof.verify.observe.dns.congestion_window import MAX_IN_FLIGHT
from linkproof.verify.observe.dns.question import DnsQuestion
from linkproof.verify.observe.dns.timer_wheel import TimerWheel
from linkproof.verify.observe.dns.transport import DnsTransport
from linkproof.verify.observe.reachability import ReachabilityLog

from tests.faults.servers import DropsEdns
from tests.ports import free_port
from tests.verify.servers import CutsShort, Honest, Loop, Silent

ADDRESS = "127.61.8.2"
COUNT = 1200


@pytest.fixture
def servers():
    loop = Loop()
    yield loop
    loop.close()


def asked(port, names, address=ADDRESS, kind="CNAME"):
    vantage = Vantage("authoritative", "ns.", address, "udp")
    return [DnsQuestion(vantage, port, name, kind) for name in names]


def ask(questions, *, timeout_seconds=2.0, attempts=2, then=None, **more):
    async def run():
        transport = DnsTransport(
            timeout_seconds=timeout_seconds,
            attempts=attempts,
            reached=ReachabilityLog(),
            evidence=EvidenceWriter(None),
            **more,
        )
        try:
            return await transport.ask_many(questions), transport, then and await then(transport)
        finally:
            transport.close()

    return asyncio.run(run())


def names(count):
    return [f"url{number}.example.test." for number in range(count)]


def load(server, count):
    server.load("example.test.", {(name, "CNAME"): [f"d-{name}"] for name in names(count)})
    return server


class Watched(Honest):
    """Remembers who asked, with which id, and holds answers back so that questions pile up."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[int] = []

    def packets(self, wire, *, tcp):
        self.ids.append(int.from_bytes(wire[:2], "big"))
        return super().packets(wire, tcp=tcp)


def test_every_question_gets_its_own_answer(servers):
    port, server = free_port(), load(Watched(), COUNT)
    servers.serve_dns(server, ADDRESS, port)
    answers, transport, _ = ask(asked(port, names(COUNT)))
    assert [answer.values("CNAME") for answer in answers] == [(f"d-{name}",) for name in names(COUNT)]
    assert transport.queries == COUNT
    assert transport.strays == 0
    assert len(set(server.ids)) > COUNT * 0.9, "ids are random"


@contextlib.contextmanager
def waiting_until_all_has_come(port, *, pause_seconds):
    """A server that says nothing until nothing comes any more; gives who asked, and how many questions came together."""
    heard, together, done = set(), [], threading.Event()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((ADDRESS, port))
        server.settimeout(pause_seconds)

        def serve():
            waiting = []
            while not done.is_set():
                try:
                    wire, sender = server.recvfrom(4096)
                    waiting.append((wire, sender))
                    heard.add(sender)
                except TimeoutError:
                    together.append(len(waiting))
                    for wire, sender in waiting:
                        server.sendto(wire[:2] + b"\x84\0" + wire[4:10] + b"\0\0" + wire[12:-11], sender)
                    waiting = []

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield heard, together
        finally:
            done.set()
            thread.join()


def test_no_more_are_under_way_than_the_window_allows_and_they_come_from_several_ports():
    """The server says nothing until it has heard all that comes: that is one window, from several ports."""
    port = free_port()
    with waiting_until_all_has_come(port, pause_seconds=0.3) as (heard, together):
        answers, transport, _ = ask(asked(port, names(3 * MAX_IN_FLIGHT)), timeout_seconds=20)
    assert all(isinstance(answer, Reply) for answer in answers)
    assert max(together) <= MAX_IN_FLIGHT
    assert len(heard) > 1
    assert transport.queries == 3 * MAX_IN_FLIGHT


def test_a_port_is_given_up_after_some_hundred_questions():
    port, count = free_port(), 2400
    with waiting_until_all_has_come(port, pause_seconds=0.02) as (heard, _):
        answers, _, _ = ask(asked(port, names(count)), timeout_seconds=20)
    assert all(isinstance(answer, Reply) for answer in answers)
    assert len(heard) > 4, "no more than four are used at a time, and each for 512 questions and those under way"


def test_more_servers_than_sockets_wait_for_their_turn(servers):
    port = free_port()
    addresses = [f"127.61.8.{number}" for number in range(20, 30)]
    for address in addresses:
        servers.serve_dns(load(Honest(), 5), address, port)
    questions = [question for address in addresses for question in asked(port, names(5), address)]
    answers, transport, _ = ask(questions, sockets=3)
    assert all(isinstance(answer, Reply) for answer in answers)
    assert [answer.vantage.address for answer in answers] == [question.vantage.address for question in questions]
    assert len(transport._pool._open) == 0


def test_a_closed_port_refuses_at_once_all_that_is_under_way():
    answers, _, _ = ask(asked(free_port(), names(50)), timeout_seconds=30, attempts=1)
    assert {answer.kind for answer in answers} == {"refused"}


def test_an_address_that_may_not_be_asked_from_here_is_unreachable():
    """The broadcast address needs a permission that no socket of ours has: nothing is sent."""
    answers, _, _ = ask(asked(53, names(MAX_IN_FLIGHT + 5), "255.255.255.255"), timeout_seconds=30)
    assert {answer.kind for answer in answers} == {"unreachable"}


class DiesAfter(Honest):
    """Answers some questions and is never heard of again, over UDP or TCP."""

    listens_tcp = False
    left = 5

    def respond(self, query, name, record_type, *, tcp):
        self.left -= 1
        return super().respond(query, name, record_type, tcp=tcp) if self.left >= 0 else None


def test_an_address_that_dies_under_way_does_not_cost_a_time_out_for_each_question(servers):
    port, server = free_port(), load(DiesAfter(), COUNT)
    servers.serve_dns(server, ADDRESS, port)
    answers, transport, _ = ask(asked(port, names(COUNT)), timeout_seconds=0.05, attempts=1)
    silent = [answer for answer in answers if isinstance(answer, NoUsableReply)]
    assert len(silent) == COUNT - 5
    assert {answer.kind for answer in silent} == {"timeout", "given-up"}
    assert all(answer.detail.endswith("was not asked any more") for answer in silent if answer.kind == "given-up")
    assert transport.queries < MAX_IN_FLIGHT * 4, "two flights, over UDP and TCP"


def test_an_address_that_never_answers_costs_a_time_out_for_each_window_and_no_more(servers):
    port, server = free_port(), load(Silent(), COUNT)
    servers.serve_dns(server, ADDRESS, port)
    answers, transport, _ = ask(asked(port, names(COUNT)), timeout_seconds=0.05, attempts=2)
    assert {answer.kind for answer in answers[:-MAX_IN_FLIGHT]} == {"timeout", "given-up"}
    assert answers[-1].kind == "given-up"
    assert answers[-1].detail.endswith("and was not asked any more")
    assert transport.queries <= MAX_IN_FLIGHT * 2 + GIVEN_UP_AFTER


class LosesFirst(Honest):
    """Loses the first packets, whatever is in them."""

    lost = 2

    def respond(self, query, name, record_type, *, tcp):
        self.lost -= 1
        return None if self.lost >= 0 and not tcp else super().respond(query, name, record_type, tcp=tcp)


def test_where_edns_vanishes_on_the_way_only_the_first_questions_cost_time_outs(servers):
    port, server = free_port(), load(DropsEdns(), COUNT)
    servers.serve_dns(server, ADDRESS, port)

    async def rest(transport):
        sent = transport.queries
        return await transport.ask_many(asked(port, names(COUNT))), transport.queries - sent

    first, _, (answers, sent) = ask(asked(port, names(1)), timeout_seconds=1.0, attempts=3, then=rest)
    assert first[0].lost_attempts == 2
    assert sent < 2 * COUNT, "a busy machine loses some; with EDNS it would be three for each"
    assert {answer.with_edns for answer in answers} == {False}


def test_an_answer_with_edns_shows_that_it_does_not_vanish(servers):
    port, server = free_port(), load(LosesFirst(), 2)
    servers.serve_dns(server, ADDRESS, port)

    async def rest(transport):
        plain = await transport.ask_many(asked(port, names(1)))
        once = [replace(asked(port, names(1))[0], once=True)]
        return plain + await transport.ask_many(once) + await transport.ask_many(asked(port, names(1)))

    first, _, later = ask(asked(port, names(1)), timeout_seconds=1.0, attempts=3, then=rest)
    assert [answer.with_edns for answer in (*first, *later)] == [False, False, True, True]


def test_a_closed_port_is_tried_for_each_question_since_that_costs_nothing():
    answers, transport, _ = ask(asked(free_port(), names(GIVEN_UP_AFTER * 3)), attempts=1)
    assert {answer.kind for answer in answers} == {"refused"}
    assert transport.queries == GIVEN_UP_AFTER * 3


def test_a_silent_address_leaves_nothing_behind(servers):
    port = free_port()
    servers.serve_dns(Silent(), ADDRESS, port)
    answers, transport, _ = ask(asked(port, names(30)), timeout_seconds=0.05, attempts=2)
    assert {answer.kind for answer in answers} == {"timeout"}
    assert not any(transport._pool.wheel._slots)


class Late(Honest):
    """Answers everything twice: the second copy comes when the question is settled."""

    def packets(self, wire, *, tcp):
        right = super().packets(wire, tcp=tcp)
        return right * 2


def test_a_second_copy_of_an_answer_is_counted_and_harms_nothing(servers):
    port = free_port()
    servers.serve_dns(load(Late(), 60), ADDRESS, port)
    answers, transport, _ = ask(asked(port, names(60)))
    assert [answer.values("CNAME") for answer in answers] == [(f"d-{name}",) for name in names(60)]
    assert transport.strays > 0


def test_a_name_that_cannot_be_asked_for_is_an_answer_and_frees_its_place(servers):
    port = free_port()
    servers.serve_dns(load(Honest(), 5), ADDRESS, port)
    answers, _, _ = ask(asked(port, ["a..b.", *names(5), *["x" * 64 + "."] * (MAX_IN_FLIGHT + 5)]))
    assert [type(answer) for answer in answers[:6]] == [NoUsableReply, *[Reply] * 5]
    assert {answer.kind for answer in answers if isinstance(answer, NoUsableReply)} == {"unreachable"}


def test_no_question_is_no_answer():
    assert ask([])[0] == []


def test_who_gives_up_waiting_disturbs_nobody(servers):
    port = free_port()
    servers.serve_dns(load(Honest(), 5), ADDRESS, port)
    servers.serve_dns(Silent(), "127.61.8.3", port)

    async def impatient(transport):
        waiting = asyncio.ensure_future(transport.ask_many(asked(port, names(5), "127.61.8.3")))
        await asyncio.sleep(0.05)
        waiting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await waiting
        return await transport.ask_many(asked(port, names(5)))

    answers, _, later = ask(asked(port, names(5)), timeout_seconds=0.2, then=impatient)
    assert all(isinstance(answer, Reply) for answer in [*answers, *later])


def test_what_is_taken_off_the_wheel_never_expires_and_the_rest_does_once():
    class Item:
        def __init__(self):
            self.slot, self.times, self.over = None, 0, asyncio.Event()

        def expired(self):
            self.times += 1
            self.over.set()

    async def run():
        wheel, items = TimerWheel(0.05), [Item() for _ in range(10)]
        for item in items:
            wheel.add(item)
        for item in items[:5]:
            item.slot.discard(item)
        await asyncio.gather(*(item.over.wait() for item in items[5:]))
        late = Item()
        wheel.add(late)
        await late.over.wait()
        return [item.times for item in items], wheel._timer

    times, timer = asyncio.run(run())
    assert times == [0] * 5 + [1] * 5
    assert timer is None


class CountsConnections:
    """A TCP side that remembers how many connections were open at once; the first `dropped` after one good answer are cut."""

    def __init__(self, server: Honest, dropped: int = 0) -> None:
        self._server, self._dropped = server, dropped
        self.open = self.most = self.answered = 0

    async def __call__(self, reader, writer):
        self.open += 1
        self.most = max(self.most, self.open)
        try:
            wire = await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))
            if self.answered and self._dropped:
                self._dropped -= 1
                return
            await asyncio.sleep(0.01)  # others come meanwhile, if they may
            for packet in self._server.packets(wire, tcp=True):
                writer.write(len(packet).to_bytes(2, "big") + packet)
            self.answered += 1
            await writer.drain()
        finally:
            self.open -= 1
            writer.close()


class CutsShortOverUdp(CutsShort):
    listens_tcp = False


def over_tcp_too(servers, port, **how):
    server = load(CutsShortOverUdp(), 40)
    servers.serve_dns(server, ADDRESS, port)
    connections = CountsConnections(server, **how)
    servers.serve_stream(connections, ADDRESS, port)
    return connections


def test_no_more_connections_go_to_one_address_than_a_short_queue_holds(servers):
    port = free_port()
    connections = over_tcp_too(servers, port)
    answers, _, _ = ask(asked(port, names(40)))
    assert [answer.values("CNAME") for answer in answers] == [(f"d-{name}",) for name in names(40)]
    assert 1 < connections.most <= 8


def test_a_lost_connection_of_a_server_that_answers_others_is_tried_again(servers):
    port = free_port()
    over_tcp_too(servers, port, dropped=3)
    first, then = asked(port, names(1)), asked(port, names(10)[1:])

    async def others(transport):
        return await transport.ask_many(then)

    _, _, answers = ask(first, attempts=5, then=others)
    assert all(isinstance(answer, Reply) for answer in answers)
