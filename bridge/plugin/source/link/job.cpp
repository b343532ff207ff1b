#include "job.hpp"

#include "../files/failure.hpp"

#include <algorithm>

namespace stylus {

namespace {

constexpr const char* kSource = "input.wav";

/// Handles longer than half a second are context that the engine does not need.
std::int64_t handle(std::int64_t frames, std::uint32_t rate) { return std::min<std::int64_t>(frames, rate / 2); }

void place(const fs::path& capture, const fs::path& source) {
    std::error_code error;
    fs::create_hard_link(capture, source, error);
    if (error) fs::copy_file(capture, source, error);
    if (error) throw Failure("The captured audio '" + utf8(capture) + "' cannot be sent: " + error.message() + ". Capture again.");
}

}  // namespace

std::string describeJob(const std::string& job, const Order& order) {
    const Capture& capture = order.capture;
    const std::int64_t before = handle(capture.before, capture.rate), after = handle(capture.after, capture.rate);
    Json region = Json::object(), handles = Json::object(), file = Json::object();
    region.set("start", capture.start).set("length", capture.length).set("rate", capture.rate);
    handles.set("before", before).set("after", after);
    file.set("protocol", 1).set("job", job).set("client", "connect").set("track", beginning(order.track, 100));
    file.set("source", kSource).set("source_offset", capture.before - before).set("region", region).set("handles", handles);
    if (capture.tempo > 0.0 && capture.tempo <= 1'000.0) file.set("tempo", capture.tempo);
    if (capture.beats > 0 && capture.beatUnit > 0)
        file.set("time_signature", std::to_string(capture.beats) + "/" + std::to_string(capture.beatUnit));
    file.set("preset", order.preset.id);
    if (order.strength > 0.0) file.set("override", Json::object().set("strength", order.strength));
    return file.dump() + "\n";
}

fs::path writeJob(const fs::path& jobs, const std::string& job, const Order& order) {
    const fs::path folder = jobs / pathOf(job);
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw Failure("'" + utf8(folder) + "' cannot be created: " + error.message() + ".");
    try {
        place(order.capture.file, folder / kSource);
        writeWhole(folder / "job.json", describeJob(job, order));
    } catch (const Failure&) {
        fs::remove_all(folder, error);  // ours, made a moment ago under a name that nobody else has
        throw;
    }
    return folder;
}

JobView readState(const fs::path& folder) {
    JobView view;
    Json state;
    try {
        state = Json::parse(readText(folder / "state.json"));
    } catch (const Failure&) {
        return view;
    }
    const std::string phase = state["phase"].text(), outcome = state["outcome"].text();
    view.job = state["job"].text();
    view.phase = phase == "queued"          ? Phase::queued
                 : phase == "running"       ? Phase::running
                 : outcome == "done"        ? Phase::done
                 : outcome == "failed"      ? Phase::failed
                 : outcome == "cancelled"   ? Phase::cancelled
                                            : Phase::none;
    view.position = static_cast<std::int32_t>(state["position"].integer());
    view.fraction = state["fraction"].real();
    view.text = view.phase == Phase::failed ? state["error"]["message"].text() : state["stage"].text();
    const Json& stem = state["stem"];
    view.stem = pathOf(stem["path"].text());
    view.start = stem["start_sample"].integer();
    view.length = stem["length_samples"].integer();
    view.rate = static_cast<std::uint32_t>(stem["rate"].integer());
    view.channels = static_cast<std::uint32_t>(stem["channels"].integer());
    return view;
}

}  // namespace stylus
