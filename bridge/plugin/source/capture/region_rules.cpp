#include "region_rules.hpp"

namespace stylus {

using Verdict = RegionRules::Verdict;

Verdict RegionRules::toggle(bool isRolling, std::int64_t frame, std::int64_t history) noexcept {
    switch (state_) {
        case State::idle:
            if (isRolling) return start(frame - history, frame);
            state_ = State::waiting;
            return Verdict::go_on;
        case State::waiting: state_ = State::idle; return Verdict::go_on;
        case State::keeping:
            cut_.end = frame;
            state_ = State::tailing;
            return reach(frame);
        case State::tailing: break;
    }
    return Verdict::go_on;
}

Verdict RegionRules::begin(std::int64_t frame) noexcept {
    return state_ == State::waiting ? start(frame, frame) : Verdict::go_on;
}

Verdict RegionRules::reach(std::int64_t frame) noexcept {
    if (state_ == State::tailing && frame >= cut_.end + handle_) return finish(frame, cut_.start, cut_.end);
    return Verdict::go_on;
}

Verdict RegionRules::stop(std::int64_t frame) noexcept {
    if (state_ == State::tailing) return finish(frame, cut_.start, cut_.end);
    if (state_ == State::keeping) return finish(frame, cut_.start, frame);
    return Verdict::go_on;
}

Verdict RegionRules::jump(std::int64_t frame, std::int64_t destination) noexcept {
    if (state_ == State::tailing) return finish(frame, cut_.start, cut_.end);
    if (state_ != State::keeping) return Verdict::go_on;
    const bool isLoop = destination < frame;
    if (isLoop && destination >= cut_.recordedFrom) return finish(frame, destination, frame);
    return lose();
}

Verdict RegionRules::lose() noexcept {
    if (state_ != State::keeping && state_ != State::tailing) return Verdict::go_on;
    state_ = State::waiting;
    return Verdict::discard;
}

Verdict RegionRules::start(std::int64_t recordedFrom, std::int64_t start) noexcept {
    cut_ = {recordedFrom, start, start, start};
    state_ = State::keeping;
    return Verdict::start;
}

Verdict RegionRules::finish(std::int64_t recordedTo, std::int64_t start, std::int64_t end) noexcept {
    state_ = State::idle;
    cut_.recordedTo = recordedTo;
    cut_.start = start;
    cut_.end = end;
    return end > start ? Verdict::finish : Verdict::discard;
}

}  // namespace stylus
