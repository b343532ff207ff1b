"""The swap against the formulas written out by hand."""

from __future__ import annotations

import math

import pytest
import torch
from diffusers.models.attention_processor import Attention, AttnProcessor2_0
from torch import Tensor, nn

from stylus_daw.engine.attention import Projections, Swap, install, joined, thinned


class OneLayer(nn.Module):
    """A net that is one self-attention layer, in the form that each kind of UNet has it."""

    def __init__(self, *, in_unet2d: bool) -> None:
        super().__init__()
        torch.manual_seed(0)
        extra = {"norm_num_groups": 4, "residual_connection": True, "bias": True} if in_unet2d else {}
        self.attn1 = Attention(query_dim=16, heads=2, dim_head=8, **extra)

    def forward(self, hidden: Tensor) -> Tensor:
        return self.attn1(hidden)


def hidden(seed: int, batch: int = 1, *, image: bool = False) -> Tensor:
    shape = (batch, 16, 2, 5) if image else (batch, 10, 16)
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def by_hand(query: Tensor, key: Tensor, value: Tensor, sharpness: float = 1.0) -> Tensor:
    logits = sharpness * query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1])
    return logits.softmax(-1) @ value


@pytest.mark.parametrize("image", [True, False])
def test_without_a_swap_the_layer_does_what_diffusers_does(image: bool) -> None:
    net = OneLayer(in_unet2d=image)
    net.attn1.set_processor(AttnProcessor2_0())
    expected = net(hidden(1, 2, image=image))
    install(net)
    torch.testing.assert_close(net(hidden(1, 2, image=image)), expected)


def recorded(net: OneLayer, seed: int, batch: int = 1) -> dict[str, Projections]:
    injection = net.injection
    with injection.record() as recording:
        net(hidden(seed, batch))
    return recording


@pytest.fixture
def net() -> OneLayer:
    layer = OneLayer(in_unet2d=False)
    layer.injection = install(layer)
    return layer


def attended(net: OneLayer, swap: Swap, seed: int, batch: int = 1) -> Tensor:
    """The layer's attention output before its output projection."""
    seen = {}
    inner = net.injection.attend

    def spy(layer: str, own: Projections) -> Tensor:
        seen["out"] = inner(layer, own)
        return seen["out"]

    object.__setattr__(net.injection, "_swap", swap)
    own = recorded(net, seed, batch)["attn1"]
    net.injection._swap = swap
    out = spy("attn1", own)
    net.injection._swap = None
    return out


@pytest.mark.parametrize(
    ("strength", "structure", "sharpness"), [(1.0, 0.0, 1.0), (0.9, 0.75, 1.5), (1.6, 0.3, 0.5), (0.0, 0.0, 1.0)]
)
def test_the_swap_is_the_published_formula(net: OneLayer, strength: float, structure: float, sharpness: float) -> None:
    content, style = recorded(net, 1), recorded(net, 2)
    own = recorded(net, 3)["attn1"]
    c, s = content["attn1"], style["attn1"]
    query = structure * c.query + (1 - structure) * own.query
    from_content, from_style = by_hand(query, c.key, c.value, sharpness), by_hand(query, s.key, s.value, sharpness)
    expected = from_content + strength * (from_style - from_content)
    swap = Swap(styles=[(1.0, style)], content=content, strength=strength, structure=structure, sharpness=sharpness)
    torch.testing.assert_close(attended(net, swap, 3), expected)


def test_several_styles_mix_as_weighted_outputs(net: OneLayer) -> None:
    first, second = recorded(net, 1), recorded(net, 2)
    alone = [attended(net, Swap(styles=[(1.0, style)]), 3) for style in (first, second)]
    both = attended(net, Swap(styles=[(0.3, first), (0.7, second)]), 3)
    torch.testing.assert_close(both, 0.3 * alone[0] + 0.7 * alone[1])


def test_tiles_of_one_style_become_one_context(net: OneLayer) -> None:
    tiles = recorded(net, 5, batch=3)
    context = joined(tiles)["attn1"]
    own = recorded(net, 6)["attn1"]
    flat = [torch.cat(list(t.split(1)), dim=2) for t in (tiles["attn1"].key, tiles["attn1"].value)]
    torch.testing.assert_close(attended(net, Swap(styles=[(1.0, {"attn1": context})]), 6), by_hand(own.query, *flat))


def test_consecutive_contents_share_their_group_s_style(net: OneLayer) -> None:
    styles = joined(recorded(net, 5, batch=2), groups=2)
    out = attended(net, Swap(styles=[(1.0, styles)]), 6, batch=4)
    own, kept = recorded(net, 6, batch=4)["attn1"], styles["attn1"]
    for entry, group in enumerate([0, 0, 1, 1]):
        expected = by_hand(own.query[entry], kept.key[group], kept.value[group])
        torch.testing.assert_close(out[entry], expected)


def test_a_swap_that_needs_the_content_says_so(net: OneLayer) -> None:
    with pytest.raises(ValueError, match="content's recording"):
        Swap(styles=[(1.0, recorded(net, 1))], structure=0.5)


def test_after_an_error_the_layers_are_plain_again(net: OneLayer) -> None:
    before = net(hidden(1))
    with pytest.raises(KeyError), net.injection.inject(Swap(styles=[(1.0, {})])):
        net(hidden(1))
    torch.testing.assert_close(net(hidden(1)), before)


def test_thinning_keeps_all_frequencies_of_every_nth_moment() -> None:
    rows, columns = 4, 8
    place = torch.arange(rows * columns, dtype=torch.float32).view(1, 1, -1, 1).expand(3, 2, -1, 5)
    kept = thinned({"layer": Projections(place, place, place)}, columns_per_row=2, most=32)["layer"].key
    assert kept.shape == (3, 2, rows * 3, 5)
    assert kept[0, 0, :, 0].tolist() == [row * columns + column for row in range(rows) for column in (0, 3, 6)]
    same = thinned({"layer": Projections(place, place, place)}, columns_per_row=2, most=96)["layer"].key
    assert same is place
