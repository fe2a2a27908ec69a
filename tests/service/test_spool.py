"""What is kept for slow readers: nothing is lost, and nothing is over the bounds."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.service.room import Room
from kg.service.spool import Places, Spool
from kg.service.turns import Turns, Usage


def places(folder: Path, memory: int, disk: int) -> Places:
    return Places(folder, Room(memory), Room(disk))


async def pass_through(spool: Spool, pieces: list[bytes], pauses: list[int]) -> bytes:
    async def fill() -> None:
        for piece in pieces:
            await spool.put(piece)
        spool.finish()

    filling = asyncio.ensure_future(fill())
    read = bytearray()
    for turn in range(10_000_000):
        for _ in range(pauses[turn % len(pauses)]):
            await asyncio.sleep(0)
        piece = await spool.get()
        if not piece:
            break
        read += piece
    await filling
    spool.close()
    return bytes(read)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.binary(min_size=1, max_size=3).map(lambda seed: seed * 200_000), max_size=12),
    st.lists(st.integers(0, 60), min_size=1, max_size=5),
    st.sampled_from([0, 100_000, 1 << 20, 1 << 30]),
    st.sampled_from([0, 300_000, 1 << 30]),
)
def test_what_goes_in_comes_out(
    tmp_path_factory: pytest.TempPathFactory,
    pieces: list[bytes],
    pauses: list[int],
    memory: int,
    disk: int,
) -> None:
    kept = places(tmp_path_factory.getbasetemp(), memory, disk)
    assert asyncio.run(pass_through(Spool(kept), pieces, pauses)) == b"".join(pieces)
    # All that was taken is given back.
    assert kept.memory.take(memory)
    assert kept.disk.take(disk)


def test_the_writer_waits_where_there_is_no_room(tmp_path: Path) -> None:
    async def run() -> None:
        spool = Spool(places(tmp_path, 1 << 30, 0))
        for _ in range(2):
            await spool.put(bytes(1 << 20))
        third = asyncio.ensure_future(spool.put(bytes(1 << 20)))
        await asyncio.sleep(0.05)
        assert not third.done()
        await spool.get()
        await asyncio.wait_for(third, 10)
        spool.close()

    asyncio.run(run())


def test_an_error_is_told_before_what_was_kept(tmp_path: Path) -> None:
    async def run() -> None:
        spool = Spool(places(tmp_path, 1 << 30, 0))
        await spool.put(b"part of an answer")
        spool.finish(ValueError("cut"))
        with pytest.raises(ValueError, match="cut"):
            await spool.get()

    asyncio.run(run())


def test_a_disk_that_fails_is_no_disk(tmp_path: Path) -> None:
    pieces = [bytes([number]) * 500_000 for number in range(12)]
    kept = places(tmp_path / "not there", 1 << 20, 1 << 30)
    assert asyncio.run(pass_through(Spool(kept), pieces, [5])) == b"".join(pieces)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers()), max_size=30), st.integers(1, 9))
def test_no_more_wait_than_may_and_each_in_its_order(
    asked: list[tuple[str, int]], most: int
) -> None:
    turns = Turns[tuple[str, int, int]](most, Usage())
    left_out = []
    for place, (client, number) in enumerate(asked):
        gone = turns.add(client, (client, number, place), float(place))
        left_out += [gone] if gone is not None else []
        assert len(turns) <= most
    served = []
    while (turn := turns.next(100.0)) is not None:
        served.append(turn)
    assert len(served) + len(left_out) == len(asked)
    for client in "abc":
        own = [place for name, _, place in served if name == client]
        assert own == sorted(own)


def test_one_client_does_not_keep_others_waiting() -> None:
    turns = Turns[str](4, Usage())
    for number in range(10):
        turns.add("greedy", f"greedy {number}", 0.0)
    # It takes the place of the last of who has most.
    assert turns.add("modest", "modest 0", 0.0) == "greedy 3"
    assert turns.next(1.0) == "greedy 0"
    assert turns.next(1.0) == "modest 0"


def test_short_queries_go_before_long_ones_and_long_ones_have_their_turn() -> None:
    usage = Usage()
    usage.begin("long", now=0.0)
    usage.add("long", 5.0, now=0.0)
    for _ in range(100):
        usage.begin("short", now=0.0)
        usage.add("short", 0.01, now=0.0)
    turns = Turns[str](9, usage)
    turns.add("long", "long", 0.0)
    turns.add("new", "new", 0.2)
    turns.add("short", "short", 0.3)
    assert [turns.next(0.4) for _ in range(3)] == ["short", "new", "long"]
    # Who has waited for long is not passed for ever.
    turns.add("long", "long", 0.0)
    turns.add("short", "short", 9.99)
    assert turns.next(10.0) == "long"


def test_what_waits_no_longer_has_no_turn() -> None:
    turns = Turns[str](9, Usage())
    for turn in ("first", "second"):
        turns.add("client", turn, 0.0)
    turns.remove("client", "first")
    turns.remove("client", "third")
    turns.remove("other", "second")
    assert len(turns) == 1
    assert turns.next(1.0) == "second"
    assert turns.next(1.0) is None


def test_what_was_long_ago_counts_no_more_and_not_too_many_clients_are_known() -> None:
    usage = Usage()
    usage.begin("0", now=0.0)
    usage.add("0", 8.0, now=0.0)
    assert usage.expected("0", now=0.0) > 4
    assert usage.expected("0", now=1000.0) == 0.05
    for number in range(10_000):
        usage.begin(str(number + 1), now=0.0)
    assert usage.expected("0", now=0.0) == 0.05
    assert usage.expected("10000", now=0.0) == 0.025
