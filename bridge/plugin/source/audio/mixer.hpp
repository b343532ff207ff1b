// What is heard: the original, or the stem in its place. Audio thread only, but for `offer` and `misses`.
#pragma once

#include "stem.hpp"

#include <atomic>
#include <cstdint>

namespace stylus {

/// A value that goes to its target in a straight line, and is exactly there afterwards.
class Ramp {
public:
    explicit Ramp(float value) : value_(value), target_(value) {}

    void jumpTo(float value) noexcept { value_ = target_ = value; }
    void aimAt(float target, float perSample) noexcept { target_ = target, step_ = perSample; }
    bool isThere() const noexcept { return value_ == target_; }
    float value() const noexcept { return value_; }

    float next() noexcept {
        const float now = value_;
        if (value_ < target_)
            value_ = value_ + step_ < target_ ? value_ + step_ : target_;
        else if (value_ > target_)
            value_ = value_ - step_ > target_ ? value_ - step_ : target_;
        return now;
    }

private:
    float value_, target_, step_ = 1.0f;
};

/// What the parameters say at the start of a block.
struct Wish {
    bool hearsResult = false;  ///< B
    bool isBypassed = false;
    bool isEqualLoud = false;
    float wet = 1.0f;
};

/// Puts the stem in the original's place, on its frame. With A, before, behind and without a stem the output is the input.
class Mixer {
public:
    static constexpr float kFadeS = 0.005f;  ///< A to B and back

    explicit Mixer(std::uint32_t channels) : channels_(channels) {}

    /// The stem to play from the next block on; null for none. Not from the audio thread. The old one must live until
    /// `lets_go_of` says so.
    void offer(const Stem* stem) noexcept { offered_.store(stem, std::memory_order_seq_cst); }

    /// The audio thread will not look at `stem` again.
    bool letsGoOf(const Stem* stem) const noexcept {
        return offered_.load(std::memory_order_seq_cst) != stem && playing_.load(std::memory_order_seq_cst) != stem;
    }

    /// The session's rate; before processing.
    void prepare(std::uint32_t rate) noexcept;

    /// One block. `frame` is of its first sample; `inputs` and `outputs` may be the same buffers.
    void process(const Wish& wish, bool isRolling, std::int64_t frame, const float* const* inputs, float* const* outputs,
                 std::uint32_t frames) noexcept;

    /// Frames of the stem that were not in memory in time, in this pass, and came as silence.
    std::uint64_t misses() const noexcept { return misses_.load(std::memory_order_relaxed); }

private:
    void takeOffer(bool isFresh) noexcept;
    bool isPlayable(const Stem* stem) const noexcept;
    void aim(const Wish& wish, bool isFresh) noexcept;
    void skip(std::uint32_t frames) noexcept;
    void mix(const Stem& stem, std::int64_t frame, const float* const* inputs, float* const* outputs, std::uint32_t from,
             std::uint32_t count) noexcept;
    void blend(const float* stem, const float* const* inputs, float* const* outputs, std::uint32_t from,
               std::uint32_t count) noexcept;

    std::uint32_t channels_, rate_ = 48'000;
    std::atomic<const Stem*> offered_{nullptr}, playing_{nullptr};
    std::atomic<std::uint64_t> misses_{0};
    bool wasRolling_ = false;
    Ramp wet_{0.0f}, gain_{1.0f};
};

}  // namespace stylus
