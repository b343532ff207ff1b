#include "instance.hpp"

#include "../files/failure.hpp"
#include "../files/loudness.hpp"
#include "../files/sha256.hpp"

#include <chrono>
#include <cmath>
#include <set>

namespace stylus {

namespace {

constexpr int kPatienceMs = 1000;  // that a host waits for a stem while it opens a session
constexpr double kMostGainDb = 24.0;

/// The ids of all instances in this process: a copied track brings the same id twice.
struct Claims {
    std::mutex mutex;
    std::set<std::string> ids;
};

Claims& claims() {
    static Claims all;
    return all;
}

double loudnessOf(const fs::path& path, std::uint64_t from, std::uint64_t frames) {
    WavReader reader(path);
    Loudness loudness(reader.rate(), reader.channels());
    reader.seek(from);
    std::vector<float> part(std::size_t{4096} * reader.channels());
    while (frames > 0) {
        const std::size_t count = reader.read(part.data(), static_cast<std::size_t>(std::min<std::uint64_t>(4096, frames)));
        if (count == 0) break;
        loudness.add(part.data(), count);
        frames -= count;
    }
    return loudness.integrated();
}

}  // namespace

Instance::Instance(std::uint32_t channels, const fs::path& stateFolder)
    : channels_(channels), feed_(channels), mixer_(channels),
      recorder_(feed_, stateFolder / "connect", [this](const Capture& capture) { captured(capture); }),
      shelf_(mixer_, channels, [this](const Take& take) { loaded(take); }),
      companion_(stateFolder, [this](const JobView& job) { ended(job); }) {
    for (std::uint32_t index = 0; index < kParameters; ++index) values_[index] = kParameterFacts[index].initial;
    claimId();
    thread_ = std::thread([this] { serve(); });
}

Instance::~Instance() {
    {
        const std::lock_guard lock(mutex_);
        isEnding_ = true;
    }
    ending_.notify_all();
    thread_.join();
    const std::lock_guard lock(claims().mutex);
    claims().ids.erase(saved_.id);
}

void Instance::setRate(double rate) {
    rate_ = static_cast<std::uint32_t>(std::lround(rate));
    recorder_.setRate(rate_);
    shelf_.setRate(rate_);
    mixer_.prepare(rate_);
}

void Instance::activate() {
    playhead_.reset();
    mixer_.prepare(rate_);
    shelf_.waitUntilLoaded(kPatienceMs);  // an offline bounce may begin at once
}

void Instance::deactivate() noexcept { feed_.stop(); }

std::string Instance::state(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    return writePart(saved_, key);
}

void Instance::setState(const std::string& key, const std::string& value) {
    hasRun_.store(false, std::memory_order_relaxed);
    {
        const std::lock_guard lock(mutex_);
        const std::string before = saved_.id;
        readPart(saved_, key, value);
        if (key == "instance") {
            const std::lock_guard claimed(claims().mutex);
            const bool isFree = !saved_.id.empty() && claims().ids.insert(saved_.id).second;
            if (isFree) claims().ids.erase(before);
            if (!isFree) saved_.id = before;
        }
        if (key == "preset") seenPresetNumber_ = saved_.presetNumber;
    }
    if (key == "takes") {
        choose();
        shelf_.waitUntilLoaded(kPatienceMs);
    }
    if (key == "label") companion_.setLabel(value);
    if (key == "job" && !state("job").empty()) companion_.follow(state("job"));
}

float Instance::parameter(std::uint32_t index) const noexcept { return values_[index].load(std::memory_order_relaxed); }

void Instance::setParameter(std::uint32_t index, float value) noexcept {
    const float before = values_[index].exchange(value, std::memory_order_relaxed);
    const bool hasTurned = (before > 0.5f) != (value > 0.5f);
    if (!hasTurned || !hasRun_.load(std::memory_order_relaxed)) return;  // what a session restores is not a press
    if (index == kCapture) feed_.toggle();
    if (index == kRender && value > 0.5f) wantsRender_.store(true, std::memory_order_release);
}

void Instance::process(const Position& position, const float* const* inputs, float* const* outputs,
                       std::uint32_t frames) noexcept {
    if (frames > 0) hasRun_.store(true, std::memory_order_relaxed);  // hosts flush parameters with empty blocks
    const Playhead::Step step = playhead_.advance(position, frames);
    feed_.write(position, step, inputs, frames);
    Wish wish;
    wish.hearsResult = parameter(kResult) > 0.5f;
    wish.isBypassed = parameter(kBypass) > 0.5f;
    wish.isEqualLoud = parameter(kEqualLoud) > 0.5f;
    wish.wet = parameter(kDryWet) / 100.0f;
    mixer_.process(wish, position.rolling, step.frame, inputs, outputs, frames);
}

void Instance::order() {
    Order order;
    {
        const std::lock_guard lock(mutex_);
        complaint_.clear();
        order.capture = saved_.capture;
        order.preset = saved_.preset;
        order.track = saved_.label;
        order.strength = parameter(kStrength) / 100.0;
    }
    try {
        if (!order.capture.exists()) throw Failure("Nothing is captured yet. Press Capture, then play the region.");
        std::error_code error;
        if (!fs::is_regular_file(order.capture.file, error)) throw Failure("The captured audio is gone. Capture it again.");
        if (order.preset.id.empty()) throw Failure("No preset is chosen. Choose one, then press Render.");
        const std::string job = companion_.render(order);
        const std::lock_guard lock(mutex_);
        saved_.openJob = job;
        orderedPreset_ = order.preset.name;
    } catch (const Failure& failure) {
        complain(failure.what());
    }
}

void Instance::cancel() {
    wantsRender_.store(false, std::memory_order_release);
    companion_.cancel();
}

void Instance::choosePreset(const Preset& preset, std::int32_t number) {
    const std::lock_guard lock(mutex_);
    saved_.preset = preset;
    saved_.presetNumber = seenPresetNumber_ = number;
}

void Instance::chooseTake(std::size_t index) {
    {
        const std::lock_guard lock(mutex_);
        if (index >= saved_.takes.size()) return;
        saved_.chosen = index;
    }
    choose();
}

void Instance::setLabel(const std::string& label) {
    {
        const std::lock_guard lock(mutex_);
        saved_.label = label;
    }
    companion_.setLabel(label);
}

void Instance::collect(const fs::path& file) {
    Take take;
    {
        const std::lock_guard lock(mutex_);
        take = saved_.take();
    }
    try {
        if (!take.exists()) throw Failure("There is no take to collect. Render one first.");
        std::error_code error;
        if (!fs::exists(file, error)) fs::copy_file(take.stem, file, error);
        if (error) throw Failure("'" + utf8(file) + "' cannot be written: " + error.message() + ".");
        locate(file);
    } catch (const Failure& failure) {
        complain(failure.what());
    }
}

void Instance::locate(const fs::path& file) {
    Take take;
    {
        const std::lock_guard lock(mutex_);
        take = saved_.take();
    }
    try {
        if (!take.sha256.empty() && sha256Of(file) != take.sha256)
            throw Failure("'" + utf8(file) + "' is another file than the stem that was rendered.");
        {
            const std::lock_guard lock(mutex_);
            for (Take& one : saved_.takes)
                if (one.job == take.job) one.stem = file;
            complaint_.clear();
        }
        choose();
    } catch (const Failure& failure) {
        complain(failure.what());
    }
}

void Instance::serve() {
    using namespace std::chrono_literals;
    std::unique_lock lock(mutex_);
    while (!ending_.wait_for(lock, 50ms, [this] { return isEnding_; })) {
        lock.unlock();
        followParameters();
        lock.lock();
    }
}

void Instance::followParameters() {
    const auto number = static_cast<std::int32_t>(std::lround(parameter(kPreset)));
    const CompanionView companion = companion_.view();
    {
        const std::lock_guard lock(mutex_);
        const auto count = static_cast<std::int32_t>(companion.presets.size());
        if (number != seenPresetNumber_ && count > 0) {
            seenPresetNumber_ = number;
            if (number >= 1 && number <= count) {
                saved_.preset = companion.presets[static_cast<std::size_t>(number - 1)];
                saved_.presetNumber = number;
            }
        }
    }
    if (!recorder_.view().isSaving && wantsRender_.exchange(false, std::memory_order_acquire)) order();
    View view;
    view.companion = companion;
    {
        const std::lock_guard lock(mutex_);
        view.saved = saved_;
        view.message = complaint_;
    }
    compose(view);
    values_[kStatus].store(static_cast<float>(view.status), std::memory_order_relaxed);
    values_[kProgress].store(static_cast<float>(100.0 * companion.job.fraction), std::memory_order_relaxed);
}

void Instance::captured(const Capture& capture) {
    const std::lock_guard lock(mutex_);
    complaint_.clear();
    saved_.capture = capture;
}

void Instance::ended(const JobView& job) {
    {
        const std::lock_guard lock(mutex_);
        saved_.openJob.clear();
        if (job.phase != Phase::done) return;
        Take take;
        take.job = job.job;
        take.preset = orderedPreset_.empty() ? saved_.preset.name : orderedPreset_;
        take.stem = job.stem;
        take.start = job.start;
        take.length = job.length;
        take.rate = job.rate;
        take.channels = job.channels;
        saved_.add(std::move(take));
    }
    choose();
}

void Instance::loaded(const Take& take) {
    if (take.sha256.empty()) return;
    const double gain = equalGain(take);
    std::string label;
    bool isFirst = false;
    {
        const std::lock_guard lock(mutex_);
        for (Take& one : saved_.takes) {
            if (one.job != take.job || !one.sha256.empty()) continue;
            one.sha256 = take.sha256;
            one.equalGainDb = gain;
            isFirst = true;
        }
        label = saved_.label;
    }
    if (!isFirst) return;
    companion_.confirm(take.job, "plays in place" + (label.empty() ? "" : ", track " + label));
    choose();  // once more, with the gain that is known now
}

double Instance::equalGain(const Take& take) const {
    Capture capture;
    {
        const std::lock_guard lock(mutex_);
        capture = saved_.capture;
    }
    try {
        const double original = loudnessOf(capture.file, static_cast<std::uint64_t>(capture.before),
                                           static_cast<std::uint64_t>(capture.length));
        const double gain = original - loudnessOf(take.stem, 0, static_cast<std::uint64_t>(take.length));
        return std::isfinite(gain) ? std::clamp(gain, -kMostGainDb, kMostGainDb) : 0.0;
    } catch (const Failure&) {
        return 0.0;
    }
}

void Instance::choose() {
    Take take;
    {
        const std::lock_guard lock(mutex_);
        take = saved_.take();
    }
    shelf_.choose(take);
}

void Instance::complain(const std::string& text) {
    const std::lock_guard lock(mutex_);
    complaint_ = text;
}

void Instance::claimId() {
    const std::lock_guard lock(claims().mutex);
    saved_.id = freshId();
    claims().ids.insert(saved_.id);
}

}  // namespace stylus
