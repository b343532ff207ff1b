// Which part of what passed is the region. Pure: no audio, no files, no clock.
#pragma once

#include <cstdint>

namespace stylus {

/// Frames of one gapless pass: what is kept, and the region in it. What lies around the region are its handles.
struct Cut {
    std::int64_t recordedFrom = 0, recordedTo = 0;
    std::int64_t start = 0, end = 0;

    std::int64_t length() const noexcept { return end - start; }
    std::int64_t before() const noexcept { return start - recordedFrom; }
    std::int64_t after() const noexcept { return recordedTo - end; }
};

/// Follows Capture and the transport.
///
/// - Capture, play, stop: the region is that pass.
/// - Capture while a loop runs: the region is the loop, learnt from the jump back to its beginning.
/// - Capture while playing, Capture again: the region lies between; what was heard just before is its handle.
/// - A jump forwards breaks a pass: the next one is captured instead.
class RegionRules {
public:
    enum class State {
        idle,     ///< nothing is kept
        waiting,  ///< for the transport to roll
        keeping,  ///< the region is being recorded
        tailing,  ///< the region has ended; its handle is being recorded
    };
    enum class Verdict { go_on, start, finish, discard };

    explicit RegionRules(std::int64_t handle) : handle_(handle) {}

    State state() const noexcept { return state_; }
    const Cut& cut() const noexcept { return cut_; }

    /// Capture was pressed at `frame`, of which the `history` frames before are known. `start`: keep those, too.
    Verdict toggle(bool isRolling, std::int64_t frame, std::int64_t history) noexcept;

    /// A pass begins.
    Verdict begin(std::int64_t frame) noexcept;

    /// The pass has come to `frame`.
    Verdict reach(std::int64_t frame) noexcept;

    /// The pass has ended at `frame`.
    Verdict stop(std::int64_t frame) noexcept;

    /// The pass has ended at `frame`, and goes on at `destination`.
    Verdict jump(std::int64_t frame, std::int64_t destination) noexcept;

    /// The pass is not gapless: what was kept is of no use; wait for another.
    Verdict lose() noexcept;

    /// Stop everything: the session's rate has changed, or the file cannot be written.
    void reset() noexcept { state_ = State::idle; }

private:
    Verdict start(std::int64_t recordedFrom, std::int64_t start) noexcept;
    Verdict finish(std::int64_t recordedTo, std::int64_t start, std::int64_t end) noexcept;

    std::int64_t handle_;
    State state_ = State::idle;
    Cut cut_;
};

}  // namespace stylus
