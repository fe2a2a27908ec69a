from hypothesis import given
from hypothesis import strategies as st

from kg.service.messages import HEADER, Frames


@given(
    st.lists(st.tuples(st.sampled_from([b"H", b"B", b"E"]), st.binary(max_size=40)), max_size=8),
    st.lists(st.integers(1, 30), min_size=1),
)
def test_frames_arrive_however_they_are_cut(
    frames: list[tuple[bytes, bytes]], sizes: list[int]
) -> None:
    sent = b"".join(HEADER.pack(kind, len(payload)) + payload for kind, payload in frames)
    cutter, place, turn = Frames(), 0, 0
    received: list[tuple[bytes, bytes]] = []
    while place < len(sent):
        size = sizes[turn % len(sizes)]
        received += cutter.feed(sent[place : place + size])
        place, turn = place + size, turn + 1
    assert received == frames
