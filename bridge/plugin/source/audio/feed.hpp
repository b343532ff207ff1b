// The audio thread's end of a capture: everything that passes while the transport rolls goes into a ring.
#pragma once

#include "playhead.hpp"
#include "ring.hpp"

#include <atomic>

namespace stylus {

/// What happened between two samples of the stream.
enum class Event : std::uint8_t {
    begin,   ///< a pass begins at `frame`
    stop,    ///< the pass has ended
    jump,    ///< the pass has ended, because the transport went to `frame`
    lost,    ///< the pass has ended, because the ring was full
    toggle,  ///< the user has pressed Capture
};

struct Mark {
    std::uint64_t at = 0;  ///< how many frames of the stream came before
    Event event = Event::begin;
    Position position;     ///< of the begin, and of where a jump leads
};

/// Follows the transport; writes samples and marks. All but `toggle` belongs to the audio thread.
class Feed {
public:
    static constexpr std::size_t kFrames = std::size_t{1} << 20;  ///< 22 s at 48 kHz: an offline bounce fills them in 0.1 s
    static constexpr std::size_t kMarks = 4096;

    explicit Feed(std::uint32_t channels) : samples(channels, kFrames), marks(kMarks) {}

    /// Capture was pressed; takes effect at the next block. Any thread.
    void toggle() noexcept { toggles_.fetch_add(1, std::memory_order_release); }

    /// One block, before anything is written to the outputs.
    void write(const Position& position, Playhead::Step step, const float* const* inputs, std::uint32_t frames) noexcept {
        passTogglesOn();
        if (owesMark_) {
            end(Event::lost, position);
        } else if (isInPass_ && !step.continues) {
            end(position.rolling ? Event::jump : Event::stop, position);
        }
        if (owesMark_ || !position.rolling || frames == 0) return;
        if (!isInPass_) begin(position, step.frame);
        if (!isInPass_) return;
        if (samples.write(inputs, frames)) {
            written_ += frames;
        } else {
            end(Event::lost, position);
        }
    }

    /// Processing is interrupted: the pass ends here.
    void stop() noexcept {
        if (isInPass_) end(owesMark_ ? Event::lost : Event::stop, {});
    }

    SampleRing samples;
    Ring<Mark> marks;

private:
    void begin(const Position& position, std::int64_t frame) noexcept {
        Mark mark{written_, Event::begin, position};
        mark.position.frame = frame;
        isInPass_ = marks.push(mark);
    }

    /// If even the marks are full, nothing more is written until this one has found its place.
    void end(Event event, const Position& position) noexcept {
        owesMark_ = !marks.push({written_, event, position});
        isInPass_ = owesMark_;
    }

    void passTogglesOn() noexcept {
        for (; seenToggles_ != toggles_.load(std::memory_order_acquire); ++seenToggles_)
            if (!marks.push({written_, Event::toggle, {}})) return;
    }

    bool isInPass_ = false;
    bool owesMark_ = false;  // the end of the pass has found no place yet
    std::uint64_t written_ = 0;
    std::uint32_t seenToggles_ = 0;
    std::atomic<std::uint32_t> toggles_{0};
};

}  // namespace stylus
