#include "instance.hpp"

#include "../files/failure.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <set>

namespace stylus {

namespace {

constexpr int kPatienceMs = 1000;  // that a host waits for a stem while it opens a session

/// The ids of all instances in this process: a copied track brings the same id twice.
struct Claims {
    std::mutex mutex;
    std::set<std::string> ids;
};

Claims& claims() {
    static Claims all;
    return all;
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
    companion_.stop();  // its listener uses the shelf,
    shelf_.stop();      // and the shelf's the companion
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
    if (key == "label") companion_.setLabel(state("label"));
    if (key == "job" && !state("job").empty()) companion_.follow(state("job"));
}

float Instance::parameter(std::uint32_t index) const noexcept { return values_[index].load(std::memory_order_relaxed); }

void Instance::setParameter(std::uint32_t index, float told) noexcept {
    const ParameterFacts& facts = kParameterFacts[index];
    const float value = std::isnan(told) ? facts.initial : std::clamp(told, facts.least, facts.most);
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

void Instance::setLabel(const std::string& told) {
    const std::string label = beginning(told, Saved::kLabelBytes);
    {
        const std::lock_guard lock(mutex_);
        saved_.label = label;
    }
    companion_.setLabel(label);
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
