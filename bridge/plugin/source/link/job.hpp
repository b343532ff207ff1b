// Job folders: job.json from here, state.json from the app.
#pragma once

#include "../capture/recorder.hpp"
#include "../files/json.hpp"
#include "endpoint.hpp"

namespace stylus {

/// What the user asks for.
struct Order {
    Capture capture;
    Preset preset;
    double strength = 0.0;  ///< 0: the preset's own
    std::string track;      ///< for the app's history; may be empty
};

/// The text of `job.json`.
std::string describeJob(const std::string& job, const Order& order);

/// Puts the capture and `job.json` into `<jobs>/<job>`. Returns the folder. Throws `Failure`.
fs::path writeJob(const fs::path& jobs, const std::string& job, const Order& order);

enum class Phase { none, sending, queued, running, done, failed, cancelled };

/// How a job stands.
struct JobView {
    std::string job;
    Phase phase = Phase::none;
    std::int32_t position = 0;  ///< in the queue; 0 is next
    double fraction = 0.0;
    std::string text;           ///< the stage; of a failed job, the app's message
    fs::path stem;
    std::int64_t start = 0, length = 0;
    std::uint32_t rate = 0, channels = 0;

    bool isOpen() const noexcept { return phase == Phase::sending || phase == Phase::queued || phase == Phase::running; }
};

/// What `state.json` says; phase `none` if it is not there (yet).
JobView readState(const fs::path& folder);

}  // namespace stylus
