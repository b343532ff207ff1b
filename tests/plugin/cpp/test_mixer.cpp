// What is heard, and on which sample.
#include "check.hpp"
#include "rig.hpp"

#include <cmath>

using namespace stylus;

namespace {

constexpr std::uint32_t kRate = 48'000;
constexpr std::int64_t kStart = 30'011, kLength = 70'000;
const Stem::Facts kFacts{kStart, kLength, kRate, 2, 0.5f};
const Wish kA{}, kB{true, false, false, 1.0f};

bool isInside(std::int64_t frame) { return frame >= kStart && frame < kStart + kLength; }

/// Plays `frames` from `frame` on in blocks of `sizes` in turn, and calls `check(frame, channel, out)`.
template <typename Check>
void play(Mixer& mixer, const Wish& wish, std::int64_t frame, std::int64_t frames, std::vector<std::uint32_t> sizes, Check seen) {
    const std::int64_t end = frame + frames;
    for (std::size_t turn = 0; frame < end; ++turn) {
        Block block(2, sizes[turn % sizes.size()]);
        block.fill(frame);
        mixer.process(wish, true, frame, block.inputs.data(), block.outputs.data(), block.frames);
        for (std::uint32_t index = 0; index < block.frames; ++index)
            for (std::uint32_t channel = 0; channel < 2; ++channel) seen(frame + index, channel, block.out[channel][index]);
        frame += block.frames;
    }
}

}  // namespace

TEST("the stem lies on its sample at every block size, and the original is untouched around it") {
    const std::vector<std::vector<std::uint32_t>> plans = {{1}, {64}, {441}, {8192}, {1, 8192, 64, 441, 3, 1024}};
    const auto stem = stemOf(kFacts);
    for (const auto& sizes : plans) {
        Mixer mixer(2);
        mixer.prepare(kRate);
        mixer.offer(stem.get());
        std::int64_t wrong = 0;
        play(mixer, kB, 0, 120'000, sizes, [&](std::int64_t frame, std::uint32_t channel, float out) {
            wrong += out != (isInside(frame) ? stemAt(frame, channel) : sampleAt(frame, channel));
        });
        CHECK_EQUAL(wrong, 0);
        CHECK_EQUAL(mixer.misses(), 0u);
    }
}

TEST("with A, bypassed, or without a stem the output is the input to the bit") {
    const auto stem = stemOf(kFacts);
    const Wish bypassed{true, true, true, 1.0f}, dry{true, false, true, 0.0f};
    for (const Stem* offered : {stem.get(), static_cast<Stem*>(nullptr)})
        for (const Wish& wish : {kA, bypassed, dry}) {
            Mixer mixer(2);
            mixer.prepare(kRate);
            mixer.offer(offered);
            std::int64_t wrong = 0;
            play(mixer, wish, 0, 120'000, {441}, [&](std::int64_t frame, std::uint32_t channel, float out) {
                wrong += out != sampleAt(frame, channel);
            });
            CHECK_EQUAL(wrong, 0);
        }
}

TEST("a stopped transport lets the original through") {
    const auto stem = stemOf(kFacts);
    Mixer mixer(2);
    mixer.prepare(kRate);
    mixer.offer(stem.get());
    Block block(2, 512);
    block.fill(kStart);
    mixer.process(kB, false, kStart, block.inputs.data(), block.outputs.data(), 512);
    CHECK(block.out == block.in);
}

TEST("loops and jumps find the stem at once, before zero, too") {
    const Stem::Facts early{-1'000, kLength, kRate, 2, 1.0f};
    const auto stem = stemOf(early);
    Mixer mixer(2);
    mixer.prepare(kRate);
    mixer.offer(stem.get());
    std::int64_t wrong = 0;
    for (const std::int64_t place : {-2'000, 0, 5'000, 0, 68'900, -1'001, 33'333})
        play(mixer, kB, place, 1'500, {300}, [&](std::int64_t frame, std::uint32_t channel, float out) {
            const bool inside = frame >= -1'000 && frame < kLength - 1'000;
            wrong += out != (inside ? stemAt(frame, channel) : sampleAt(frame, channel));
        });
    CHECK_EQUAL(wrong, 0);
}

TEST("from A to B and back takes 5 ms and does not click") {
    const auto stem = stemOf(kFacts);
    Mixer mixer(2);
    mixer.prepare(kRate);
    mixer.offer(stem.get());
    play(mixer, kA, kStart, 4'800, {441}, [](auto, auto, auto) {});
    for (const Wish& wish : {kB, kA}) {
        std::int64_t mixed = 0, leaps = 0;
        float last = -1.0f;
        play(mixer, wish, kStart + 9'261, 4'410, {64}, [&](std::int64_t frame, std::uint32_t channel, float out) {
            if (channel != 0) return;
            const float original = sampleAt(frame, 0), result = stemAt(frame, 0);
            const float wet = (out - original) / (result - original);
            if (last >= 0.0f) leaps += std::fabs(wet - last) > 1.1f / 240.0f;
            mixed += out != original && out != result;
            last = wet;
        });
        CHECK_EQUAL(leaps, 0);
        CHECK(mixed >= 238 && mixed <= 240);
    }
}

TEST("another stem is faded to, not switched to, and the old one is let go") {
    const auto first = stemOf(kFacts);
    Stem::Facts facts = kFacts;
    facts.equalGain = 1.0f;
    const auto second = stemOf(facts);
    Mixer mixer(2);
    mixer.prepare(kRate);
    mixer.offer(first.get());
    play(mixer, kB, kStart, 1'000, {100}, [](auto, auto, auto) {});
    mixer.offer(second.get());
    CHECK(!mixer.letsGoOf(first.get()));
    float last = 1.0f;
    std::int64_t leaps = 0;
    play(mixer, kB, kStart + 1'000, 1'000, {100}, [&](std::int64_t frame, std::uint32_t channel, float out) {
        if (channel != 0) return;
        const float wet = (out - sampleAt(frame, 0)) / (stemAt(frame, 0) - sampleAt(frame, 0));
        leaps += std::fabs(wet - last) > 1.1f / 240.0f;
        last = wet;
    });
    CHECK_EQUAL(leaps, 0);
    CHECK_EQUAL(last, 1.0f);
    CHECK(mixer.letsGoOf(first.get()));
    CHECK(!mixer.letsGoOf(second.get()));
}

TEST("what is not in memory yet is silent and counted, per pass") {
    const auto stem = stemOf(kFacts, Stem::kChunk);  // only the first chunk
    Mixer mixer(2);
    mixer.prepare(kRate);
    mixer.offer(stem.get());
    std::int64_t wrong = 0;
    play(mixer, kB, kStart, 40'000, {1'000}, [&](std::int64_t frame, std::uint32_t channel, float out) {
        wrong += out != (frame < kStart + Stem::kChunk ? stemAt(frame, channel) : 0.0f);
    });
    CHECK_EQUAL(wrong, 0);
    CHECK_EQUAL(mixer.misses(), static_cast<std::uint64_t>(40'000 - Stem::kChunk));
    Block block(2, 64);
    mixer.process(kB, false, 0, block.inputs.data(), block.outputs.data(), 64);
    play(mixer, kB, kStart, 1'000, {1'000}, [](auto, auto, auto) {});
    CHECK_EQUAL(mixer.misses(), 0u);
}

TEST("equal loudness turns the result down by the gain that was measured") {
    const auto stem = stemOf(kFacts);
    Mixer mixer(2);
    mixer.prepare(kRate);
    mixer.offer(stem.get());
    std::int64_t wrong = 0;
    play(mixer, {true, false, true, 1.0f}, kStart, 1'000, {100}, [&](std::int64_t frame, std::uint32_t channel, float out) {
        wrong += out != 0.5f * stemAt(frame, channel);
    });
    CHECK_EQUAL(wrong, 0);
}

TEST("a stem of another rate or of other channels is not played") {
    for (const Stem::Facts& facts : {Stem::Facts{0, 1'000, 44'100, 2, 1.0f}, Stem::Facts{0, 1'000, kRate, 1, 1.0f}}) {
        const auto stem = stemOf(facts);
        Mixer mixer(2);
        mixer.prepare(kRate);
        mixer.offer(stem.get());
        std::int64_t wrong = 0;
        play(mixer, kB, 0, 2'000, {64}, [&](std::int64_t frame, std::uint32_t channel, float out) {
            wrong += out != sampleAt(frame, channel);
        });
        CHECK_EQUAL(wrong, 0);
    }
}

TEST("input and output may be the same buffers") {
    const auto stem = stemOf(kFacts);
    Mixer mixer(2);
    mixer.prepare(kRate);
    mixer.offer(stem.get());
    Block block(2, 4'096);
    block.fill(kStart - 2'000);
    float* shared[2] = {block.in[0].data(), block.in[1].data()};
    mixer.process(kB, true, kStart - 2'000, shared, shared, 4'096);
    std::int64_t wrong = 0;
    for (std::uint32_t index = 0; index < 4'096; ++index) {
        const std::int64_t frame = kStart - 2'000 + index;
        wrong += block.in[1][index] != (isInside(frame) ? stemAt(frame, 1) : sampleAt(frame, 1));
    }
    CHECK_EQUAL(wrong, 0);
}
