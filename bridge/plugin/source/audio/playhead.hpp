// Where the host's transport is, block by block.
#pragma once

#include <algorithm>
#include <cstdint>

namespace stylus {

/// What the host says at the start of a block.
struct Position {
    bool rolling = false;
    std::int64_t frame = 0;    ///< samples from the session's zero; may be negative during pre-roll
    double tempo = 0.0;        ///< quarter notes per minute; 0 if the host tells none
    std::int32_t beats = 0;    ///< of a bar, as in 4/4; 0 if unknown
    std::int32_t beatUnit = 0;
};

/// Tells a continued pass from a jump. Audio thread only.
class Playhead {
public:
    /// Some hosts compute the frame from seconds and are one sample off now and then; that is not a jump.
    static constexpr std::int64_t kRounding = 1;

    /// What lies farther from the session's zero is taken as lying here: differences of positions stay numbers.
    static constexpr std::int64_t kFarthest = std::int64_t{1} << 60;

    struct Step {
        std::int64_t frame;  ///< of the block's first sample
        bool continues;      ///< the block follows the last one without a gap
    };

    /// Call once per block, in order.
    Step advance(const Position& position, std::uint32_t frames) noexcept {
        const std::int64_t told = std::clamp(position.frame, -kFarthest, kFarthest);
        const std::int64_t off = told - expected_;
        const bool continues = rolling_ && position.rolling && off >= -kRounding && off <= kRounding;
        const std::int64_t frame = continues ? expected_ : told;
        rolling_ = position.rolling;
        expected_ = frame + (position.rolling ? static_cast<std::int64_t>(frames) : 0);
        return {frame, continues};
    }

    /// Forget the pass: processing has been interrupted.
    void reset() noexcept { rolling_ = false; }

private:
    bool rolling_ = false;
    std::int64_t expected_ = 0;
};

}  // namespace stylus
