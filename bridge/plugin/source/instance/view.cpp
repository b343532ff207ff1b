// What the window says: one status and one sentence.
#include "instance.hpp"

#include <cstdio>

namespace stylus {

namespace {

std::string seconds(std::int64_t frames, std::uint32_t rate) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f s", static_cast<double>(frames) / (rate > 0 ? rate : 1));
    return text;
}

/// Why nothing can be rendered now; empty if stylus-daw is there.
std::string absence(Presence presence) {
    switch (presence) {
        case Presence::here:
        case Presence::looking: return {};
        case Presence::away: return "stylus-daw is not running. Start it; the audio passes unchanged meanwhile.";
        case Presence::silent: return "stylus-daw does not answer. If it is busy, wait; otherwise restart it.";
        case Presence::refused: return "stylus-daw runs with another bridge.json. Close it and start it again.";
    }
    return {};
}

std::string progress(const JobView& job) {
    switch (job.phase) {
        case Phase::sending: return "Sending the region to stylus-daw ...";
        case Phase::queued: return "Waiting; " + std::to_string(job.position) + " before it.";
        case Phase::running: return job.text.empty() ? "Rendering ..." : "Rendering: " + job.text;
        default: return {};
    }
}

}  // namespace

View Instance::view() const {
    View view;
    view.companion = companion_.view();
    {
        const std::lock_guard lock(mutex_);
        view.saved = saved_;
        view.message = complaint_;
    }
    compose(view);
    return view;
}

void Instance::compose(View& view) const {
    view.recording = recorder_.view();
    view.shelf = shelf_.view();
    view.misses = mixer_.misses();
    const auto say = [&view](Status status, const std::string& message, bool isTrouble = false) {
        view.status = status;
        view.message = message;
        view.isTrouble = isTrouble;
    };
    const JobView& job = view.companion.job;
    const std::string away = absence(view.companion.presence);
    const Capture& capture = view.saved.capture;
    switch (view.recording.state) {
        case RegionRules::State::waiting: return say(Status::waiting, "Play the region: it is captured as it passes.");
        case RegionRules::State::keeping:
            return say(Status::capturing, "Capturing: " + seconds(view.recording.frames, rate_) + ". Stop, loop, or press Capture.");
        case RegionRules::State::tailing: return say(Status::capturing, "Captured; a little more for the tail ...");
        case RegionRules::State::idle: break;
    }
    if (view.recording.isSaving) return say(Status::capturing, "Saving the region ...");
    if (job.isOpen() && !away.empty()) return say(Status::rendering, "stylus-daw was closed. Start it: the job goes on.", true);
    if (job.isOpen()) return say(Status::rendering, progress(job));
    if (!view.message.empty()) return say(Status::trouble, view.message, true);
    if (!view.recording.trouble.empty()) return say(Status::trouble, view.recording.trouble, true);
    if (view.shelf.state == StemState::trouble) return say(Status::trouble, view.shelf.trouble, true);
    if (job.phase == Phase::failed) return say(Status::trouble, job.text, true);
    if (view.misses > 0) return say(Status::trouble, std::to_string(view.misses) + " samples of the stem came too late and were silent. Play again.", true);
    if (!away.empty()) return say(Status::away, away, true);
    if (view.shelf.state == StemState::loading) return say(Status::result, "Loading the stem ...");
    if (view.shelf.state == StemState::ready) return say(Status::result, "The result plays in its place: compare with A/B.");
    if (job.phase == Phase::cancelled) return say(Status::captured, "Cancelled.");
    if (capture.exists()) return say(Status::captured, seconds(capture.length, capture.rate) + " captured. Press Render.");
    if (view.companion.presence == Presence::looking) return say(Status::away, "Looking for stylus-daw ...");
    say(Status::ready, "Press Capture, then play the region, or let a loop run over it.");
}

}  // namespace stylus
