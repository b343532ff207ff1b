#include "mixer.hpp"

#include <algorithm>
#include <cstring>

namespace stylus {

namespace {

void copy(const float* const* inputs, float* const* outputs, std::uint32_t channels, std::uint32_t from, std::uint32_t count) {
    for (std::uint32_t channel = 0; channel < channels; ++channel)
        if (inputs[channel] != outputs[channel])
            std::memmove(outputs[channel] + from, inputs[channel] + from, count * sizeof(float));
}

}  // namespace

void Mixer::prepare(std::uint32_t rate) noexcept {
    rate_ = rate;
    wasRolling_ = false;
}

void Mixer::process(const Wish& wish, bool isRolling, std::int64_t frame, const float* const* inputs, float* const* outputs,
                    std::uint32_t frames) noexcept {
    const bool isFresh = !isRolling || !wasRolling_;  // nothing has been heard that a fade could begin with
    if (isFresh && isRolling) misses_.store(0, std::memory_order_relaxed);
    wasRolling_ = isRolling;
    takeOffer(isFresh);
    aim(wish, isFresh);
    const Stem* stem = playing_.load(std::memory_order_relaxed);
    if (!isPlayable(stem)) wet_.jumpTo(0.0f);
    if (!isRolling || !isPlayable(stem)) return copy(inputs, outputs, channels_, 0, frames);
    const Stem::Facts& facts = stem->facts();
    const std::int64_t first = std::clamp<std::int64_t>(facts.start - frame, 0, frames);
    const std::int64_t last = std::clamp<std::int64_t>(facts.start + facts.length - frame, first, frames);
    const auto before = static_cast<std::uint32_t>(first), inside = static_cast<std::uint32_t>(last - first);
    copy(inputs, outputs, channels_, 0, before);
    skip(before);
    mix(*stem, frame + first, inputs, outputs, before, inside);
    copy(inputs, outputs, channels_, before + inside, frames - before - inside);
    skip(frames - before - inside);
}

/// Another stem is taken up while nothing is heard of the old one.
void Mixer::takeOffer(bool isFresh) noexcept {
    const Stem* offered = offered_.load(std::memory_order_acquire);
    const Stem* playing = playing_.load(std::memory_order_relaxed);
    if (offered == playing || !(isFresh || !isPlayable(playing) || wet_.value() == 0.0f)) return;
    playing_.store(offered, std::memory_order_seq_cst);
    if (offered_.load(std::memory_order_seq_cst) == offered) return;  // it is seen to be playing before it can be freed
    playing_.store(nullptr, std::memory_order_release);  // it may be gone already: nothing plays in this block
}

bool Mixer::isPlayable(const Stem* stem) const noexcept {
    return stem != nullptr && stem->facts().rate == rate_ && stem->facts().channels == channels_;
}

void Mixer::aim(const Wish& wish, bool isFresh) noexcept {
    const Stem* playing = playing_.load(std::memory_order_relaxed);
    const bool isLeaving = offered_.load(std::memory_order_acquire) != playing;
    const float step = 1.0f / (kFadeS * static_cast<float>(rate_));
    const float target = wish.hearsResult && !wish.isBypassed && !isLeaving ? wish.wet : 0.0f;
    const float gain = wish.isEqualLoud && playing != nullptr ? playing->facts().equalGain : 1.0f;
    wet_.aimAt(target, step);
    gain_.aimAt(gain, step);
    if (isFresh) wet_.jumpTo(target);
    if (isFresh || wet_.value() == 0.0f) gain_.jumpTo(gain);
}

void Mixer::skip(std::uint32_t frames) noexcept {
    for (std::uint32_t frame = 0; frame < frames && !(wet_.isThere() && gain_.isThere()); ++frame) wet_.next(), gain_.next();
}

void Mixer::mix(const Stem& stem, std::int64_t frame, const float* const* inputs, float* const* outputs, std::uint32_t from,
                std::uint32_t count) noexcept {
    while (count > 0) {
        std::int64_t run = count;
        const float* samples = stem.at(frame, run);
        const auto length = static_cast<std::uint32_t>(run);
        if (samples == nullptr && !(wet_.isThere() && wet_.value() == 0.0f))
            misses_.fetch_add(length, std::memory_order_relaxed);
        blend(samples, inputs, outputs, from, length);
        frame += run, from += length, count -= length;
    }
}

void Mixer::blend(const float* stem, const float* const* inputs, float* const* outputs, std::uint32_t from,
                  std::uint32_t count) noexcept {
    if (wet_.isThere() && wet_.value() == 0.0f) return copy(inputs, outputs, channels_, from, count);
    for (std::uint32_t frame = 0; frame < count; ++frame) {
        const float wet = wet_.next(), gain = gain_.next();
        for (std::uint32_t channel = 0; channel < channels_; ++channel) {
            const float original = inputs[channel][from + frame];
            const float result = stem == nullptr ? 0.0f : gain * stem[frame * channels_ + channel];
            float& out = outputs[channel][from + frame];
            out = wet == 0.0f ? original : wet == 1.0f ? result : original + wet * (result - original);
        }
    }
}

}  // namespace stylus
