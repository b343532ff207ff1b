#include "recorder.hpp"

#include "../files/failure.hpp"

#include <chrono>
#include <utility>

namespace stylus {

using State = RegionRules::State;
using Verdict = RegionRules::Verdict;

Recorder::Recorder(Feed& feed, fs::path folder, Listener listener)
    : feed_(feed), folder_(std::move(folder)), listener_(std::move(listener)), chunk_(kChunk * feed.samples.channels()) {
    setRate(48'000);
    thread_ = std::thread([this] { run(); });
}

Recorder::~Recorder() {
    {
        const std::lock_guard lock(waiting_);
        isEnding_ = true;
    }
    ending_.notify_all();
    thread_.join();
}

void Recorder::setRate(std::uint32_t rate) {
    if (rate_ != 0) drain();  // what passed at the old rate
    const std::lock_guard lock(working_);
    if (rate == rate_) return;
    rate_ = rate;
    const std::int64_t handle = rate * kHandleMs / 1000;
    if (file_ != nullptr) complain("The session's sample rate has changed. Press Capture again.");
    file_.reset();
    rules_ = RegionRules(handle);
    history_ = History(feed_.samples.channels(), static_cast<std::size_t>(handle));
    show();
}

CaptureView Recorder::view() const {
    const std::lock_guard lock(shown_);
    return view_;
}

void Recorder::run() {
    using namespace std::chrono_literals;
    std::unique_lock lock(waiting_);
    while (!ending_.wait_for(lock, isBusy_ ? 1ms : 10ms, [this] { return isEnding_; })) {
        lock.unlock();
        drain();
        lock.lock();
    }
}

void Recorder::drain() {
    const std::lock_guard lock(working_);
    const std::uint64_t there = read_ + feed_.samples.readable();  // before the marks: those that matter are there, too
    while (const Mark* mark = feed_.marks.front()) {
        if (mark->at > there) break;
        takeSamples(static_cast<std::size_t>(mark->at - read_));
        handle(*mark);
        feed_.marks.pop();
    }
    isBusy_ = there != read_ || rules_.state() != State::idle;
    takeSamples(static_cast<std::size_t>(there - read_));
    show();
}

void Recorder::takeSamples(std::size_t frames) {
    while (frames > 0) {
        const std::size_t count = frames < kChunk ? frames : kChunk;
        feed_.samples.read(chunk_.data(), count);
        read_ += count;
        frame_ += static_cast<std::int64_t>(count);
        frames -= count;
        if (file_ != nullptr) append(chunk_.data(), count);
        history_.add(chunk_.data(), count);
        obey(rules_.reach(frame_));
    }
}

void Recorder::handle(const Mark& mark) {
    switch (mark.event) {
        case Event::toggle: {
            const auto known = static_cast<std::int64_t>(history_.frames());
            return obey(rules_.toggle(isRolling_, frame_, isRolling_ ? known : 0));
        }
        case Event::begin:
            isRolling_ = true;
            begun_ = mark.position;
            frame_ = mark.position.frame;
            history_.clear();
            return obey(rules_.begin(frame_));
        case Event::stop: obey(rules_.stop(frame_)); break;
        case Event::jump: {
            const bool isLoop = mark.position.frame < frame_;
            const char* reason = isLoop ? "" : "The transport jumped: capturing from its new place.";
            obey(rules_.jump(frame_, mark.position.frame), reason);
            break;
        }
        case Event::lost:
            obey(rules_.lose(), "The computer was too busy: samples were lost. The next pass is captured instead.");
            break;
    }
    isRolling_ = false;
}

void Recorder::obey(Verdict verdict, const char* reason) {
    try {
        switch (verdict) {
            case Verdict::go_on: return;
            case Verdict::start: return open();
            case Verdict::finish: return finish();
            case Verdict::discard: file_.reset(); return complain(reason);
        }
    } catch (const Failure& failure) {
        file_.reset();
        rules_.reset();
        complain(failure.what());
    }
}

void Recorder::open() {
    complain("");
    std::error_code error;
    fs::create_directories(folder_, error);
    file_ = std::make_unique<WavWriter>(folder_ / ("capture-" + freshId() + ".wav"), feed_.samples.channels(), rate_);
    if (rules_.cut().before() > 0) file_->append(history_.data(), history_.frames());
}

void Recorder::append(const float* interleaved, std::size_t frames) {
    try {
        if (!file_->hasRoomFor(frames)) throw Failure("A region of more than 4 GB cannot be captured. Capture a shorter one.");
        file_->append(interleaved, frames);
    } catch (const Failure& failure) {
        file_.reset();
        rules_.reset();
        complain(failure.what());
    }
}

void Recorder::finish() {
    setSaving(true);
    try {
        file_->finish();
        const Capture capture = described();
        file_.reset();
        listener_(capture);
    } catch (const Failure&) {
        setSaving(false);
        throw;
    }
    setSaving(false);
}

void Recorder::setSaving(bool isSaving) {
    const std::lock_guard lock(shown_);
    view_.isSaving = isSaving;
    if (isSaving) view_.state = State::idle;
}

Capture Recorder::described() const {
    const Cut& cut = rules_.cut();
    Capture capture;
    capture.file = file_->target();
    capture.start = cut.start;
    capture.length = cut.length();
    capture.before = cut.before();
    capture.after = cut.after();
    capture.rate = rate_;
    capture.channels = feed_.samples.channels();
    capture.tempo = begun_.tempo;
    capture.beats = begun_.beats;
    capture.beatUnit = begun_.beatUnit;
    return capture;
}

void Recorder::complain(const std::string& text) {
    const std::lock_guard lock(shown_);
    view_.trouble = text;
}

void Recorder::show() {
    const std::lock_guard lock(shown_);
    view_.state = rules_.state();
    view_.start = rules_.cut().start;
    view_.frames = file_ != nullptr ? frame_ - rules_.cut().start : 0;
}

}  // namespace stylus
