// The last moments of a pass, in case Capture is pressed now.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace stylus {

/// Keeps the last `frames` interleaved frames that were added.
class History {
public:
    History(std::size_t channels, std::size_t frames) : channels_(channels), most_(frames) {}

    void clear() noexcept { samples_.clear(); }

    void add(const float* interleaved, std::size_t frames) {
        samples_.insert(samples_.end(), interleaved, interleaved + frames * channels_);
        if (samples_.size() > 2 * most_ * channels_) trim();
    }

    /// Frames that are known, at most as many as were asked for.
    std::size_t frames() const noexcept { return std::min(most_, samples_.size() / channels_); }

    /// The first of them.
    const float* data() const noexcept { return samples_.data() + samples_.size() - frames() * channels_; }

private:
    void trim() { samples_.erase(samples_.begin(), samples_.end() - static_cast<long>(most_ * channels_)); }

    std::size_t channels_, most_;
    std::vector<float> samples_;
};

}  // namespace stylus
