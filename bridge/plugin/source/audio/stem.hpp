// A stem in memory: read by the audio thread while another thread still fills it.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

namespace stylus {

/// Interleaved frames in chunks. A chunk is seen whole or not at all.
class Stem {
public:
    static constexpr std::int64_t kChunk = 1 << 15;  ///< frames
    static constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30;

    struct Facts {
        std::int64_t start = 0;   ///< the frame of the session that the stem begins at
        std::int64_t length = 0;  ///< frames
        std::uint32_t rate = 0, channels = 0;
        float equalGain = 1.0f;   ///< what makes it as loud as the original
    };

    explicit Stem(const Facts& facts)
        : facts_(facts), chunks_(static_cast<std::size_t>((facts.length + kChunk - 1) / kChunk)), shown_(chunks_.size()) {}

    const Facts& facts() const noexcept { return facts_; }

    /// Up to `wanted` frames from a frame of the session that it covers; null if they are not in memory yet.
    /// `wanted` becomes how many lie there in a row.
    const float* at(std::int64_t frame, std::int64_t& wanted) const noexcept {
        const std::int64_t offset = frame - facts_.start;
        const std::int64_t within = offset % kChunk;
        const std::int64_t left = std::min(facts_.length - offset, kChunk - within);
        if (wanted > left) wanted = left;
        const float* chunk = shown_[static_cast<std::size_t>(offset / kChunk)].load(std::memory_order_acquire);
        return chunk == nullptr ? nullptr : chunk + within * facts_.channels;
    }

    /// Hands over the next chunk; one thread, in order.
    void add(std::unique_ptr<float[]> chunk) noexcept {
        chunks_[filled_] = std::move(chunk);
        shown_[filled_].store(chunks_[filled_].get(), std::memory_order_release);
        ++filled_;
    }

private:
    const Facts facts_;
    std::vector<std::unique_ptr<float[]>> chunks_;
    std::vector<std::atomic<const float*>> shown_;
    std::size_t filled_ = 0;
};

}  // namespace stylus
