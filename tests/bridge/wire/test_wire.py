"""Messages and datagrams."""

from __future__ import annotations

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message import OscMessage

from stylus_bridge.wire import datagrams as wire
from stylus_bridge.wire.arguments import parse, tags_of
from stylus_bridge.wire.protocol import (
    EVENTS,
    REQUESTS,
    Done,
    Failed,
    Ping,
    PresetListed,
    Progressed,
    Queued,
    Refused,
    refusal,
)
from stylus_daw.errors import BridgeError, StylusError

EXAMPLES = {"str": "text", "int": 7, "float": 0.5, "SamplePosition": 2**53 + 1}
TEXT = st.text(st.characters(blacklist_characters="\x00", blacklist_categories=("Cs",)), max_size=3000)


def example(kind):
    return kind(**{name: EXAMPLES[spec.type] for name, spec in kind.__dataclass_fields__.items()})


@pytest.mark.parametrize("kind", [*REQUESTS.values(), *EVENTS.values()])
def test_every_message_survives_the_wire(kind):
    sent = example(kind)
    assert wire.decode(wire.encode(sent), {**REQUESTS, **EVENTS}) == sent


def test_requests_begin_with_the_token():
    assert all(next(iter(kind.__dataclass_fields__)) == "token" for kind in REQUESTS.values())


def test_sample_positions_travel_as_strings():
    assert tags_of(Done) == "ssssii"
    done = Done(job="a", stem_path="/x", start_sample=-(2**62), length_samples=2**40, rate=48_000, channels=2)
    assert wire.decode(wire.encode(done), EVENTS) == done


@given(TEXT, TEXT)
def test_long_text_is_shortened_and_ids_are_not(code_like, text):
    code = code_like.encode()[:300].decode(errors="ignore")
    packet = wire.encode(Failed(job="a" * 64, code=code, message=text))
    back = wire.decode(packet, EVENTS)
    assert len(packet) < wire.MAX_MESSAGE_BYTES
    assert (back.job, back.code) == ("a" * 64, code)
    assert back.message == text or (back.message.endswith("…") and text.startswith(back.message[:-1]))


def test_a_message_that_just_fits_is_left_alone():
    text = "x" * 900
    assert wire.decode(wire.encode(Failed(job="a", code="b", message=text)), EVENTS).message == text


def test_a_path_that_does_not_fit_is_an_error_that_points_to_state_json():
    done = Done(job="a", stem_path="/x" * 600, start_sample=0, length_samples=1, rate=48_000, channels=2)
    with pytest.raises(BridgeError, match=r"state\.json") as caught:
        wire.encode(done)
    assert caught.value.code == "osc.too_long"


def test_a_long_preset_id_is_an_error_but_a_long_name_is_shortened():
    assert wire.decode(wire.encode(PresetListed(index=0, count=1, id="a", name="n" * 2000)), EVENTS).name[-1] == "…"
    with pytest.raises(BridgeError):
        wire.encode(PresetListed(index=0, count=1, id="a" * 2000, name="n"))


def test_a_refusal_fits_whatever_address_was_asked():
    packet = wire.encode(refusal(BridgeError("x", "ä" * 5000), "/" + "😀" * 5000))
    assert len(packet) < wire.MAX_MESSAGE_BYTES
    assert isinstance(wire.decode(packet, EVENTS), Refused)


def test_a_nul_in_a_path_is_refused_and_in_a_sentence_replaced():
    with pytest.raises(BridgeError) as caught:
        wire.encode(Done(job="a", stem_path="/a\0b", start_sample=0, length_samples=1, rate=1, channels=1))
    assert caught.value.code == "osc.text"
    assert wire.decode(wire.encode(Progressed(job="a", fraction=0.5, stage="a\0b")), EVENTS).stage == "a b"


def test_a_path_that_is_no_unicode_is_refused():
    with pytest.raises(BridgeError) as caught:
        wire.encode(Done(job="a", stem_path="/\udcff", start_sample=0, length_samples=1, rate=1, channels=1))
    assert caught.value.code == "osc.text"


def test_a_number_beyond_32_bits_is_refused():
    with pytest.raises(BridgeError, match="32 bits"):
        wire.encode(Queued(job="a", position=2**31))


def test_a_position_that_is_no_number_is_refused():
    with pytest.raises(BridgeError, match="start_sample"):
        parse(Done, ["a", "/x", "12.5", "1", 48_000, 2])


def test_bundles_are_taken_apart_in_order_and_nested():
    inner = OscBundleBuilder(IMMEDIATELY)
    outer = OscBundleBuilder(IMMEDIATELY)
    one, two, three = (wire.encode(Queued(job=name, position=0)) for name in "abc")
    outer.add_content(OscMessage(one))
    inner.add_content(OscMessage(two))
    outer.add_content(inner.build())
    outer.add_content(OscMessage(three))
    assert wire.split_packet(outer.build().dgram) == [one, two, three]


@pytest.mark.parametrize("size", [-4, 0, 4000, 2**31 - 1])
def test_a_bundle_element_of_impossible_size_is_malformed(size):
    with pytest.raises(BridgeError, match="size"):
        wire.split_packet(b"#bundle\0" + bytes(8) + struct.pack(">i", size) + b"/abc")


def test_bundles_nested_without_end_are_malformed():
    packet = wire.encode(Ping(token="t"))
    for _ in range(200):
        packet = b"#bundle\0" + bytes(8) + struct.pack(">i", len(packet)) + packet
    with pytest.raises(BridgeError, match="nested"):
        wire.split_packet(packet)


@given(st.binary(max_size=200), st.sampled_from([b"", b"/", b"/stylus/ping\0\0\0\0,s\0\0", b"#bundle\0" + bytes(8)]))
def test_garbage_never_raises_anything_but_our_errors(tail, head):
    with contextlib.suppress(StylusError):
        for datagram in wire.split_packet(head + tail):
            wire.decode(datagram, REQUESTS)
