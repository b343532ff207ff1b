// One instance of the plugin, without any plugin format: what the host calls, what the window shows.
#pragma once

#include "../audio/feed.hpp"
#include "../audio/mixer.hpp"
#include "../link/companion.hpp"
#include "../stems/shelf.hpp"
#include "parameters.hpp"
#include "saved.hpp"

#include <array>

namespace stylus {

/// Everything the window shows.
struct View {
    CompanionView companion;
    CaptureView recording;
    ShelfView shelf;
    Saved saved;
    std::uint64_t misses = 0;
    Status status = Status::away;
    std::string message;       ///< one sentence: what is going on, or what to do
    bool isTrouble = false;    ///< the message is about something that does not work
};

class Instance {
public:
    Instance(std::uint32_t channels, const fs::path& stateFolder);
    ~Instance();

    // ---- the host, not the audio thread ----
    void setRate(double rate);
    /// Processing begins, or has ended.
    void activate();
    void deactivate() noexcept;
    std::string state(const std::string& key) const;
    void setState(const std::string& key, const std::string& value);

    // ---- any thread ----
    float parameter(std::uint32_t index) const noexcept;
    void setParameter(std::uint32_t index, float value) noexcept;

    // ---- the audio thread: no memory, locks, files, sockets ----
    void process(const Position& position, const float* const* inputs, float* const* outputs, std::uint32_t frames) noexcept;

    // ---- the window ----
    View view() const;
    void toggleCapture() noexcept { feed_.toggle(); }
    /// Hands the captured region to stylus-daw; at once, or as soon as it is on the disk.
    void render() noexcept { wantsRender_.store(true, std::memory_order_release); }
    void cancel();
    void choosePreset(const Preset& preset, std::int32_t number);
    void chooseTake(std::size_t index);
    void setLabel(const std::string& label);
    /// Copies the chosen take's stem to a new file, beside the session say, and plays it from there.
    void collect(const fs::path& file);
    /// Plays the chosen take from this file, if it is the same stem.
    void locate(const fs::path& file);

private:
    void serve();
    void order();
    void followParameters();
    void captured(const Capture& capture);
    void ended(const JobView& job);
    void loaded(const Take& take);
    double equalGain(const Take& take) const;
    void choose();
    void complain(const std::string& text);
    void claimId();
    void compose(View& view) const;

    const std::uint32_t channels_;
    std::array<std::atomic<float>, kParameters> values_;
    std::atomic<bool> hasRun_{false}, wantsRender_{false};
    std::uint32_t rate_ = 48'000;
    Feed feed_;
    Mixer mixer_;
    Playhead playhead_;            // the audio thread's
    mutable std::mutex mutex_;     // guards what follows
    Saved saved_;
    std::string complaint_;
    std::string orderedPreset_;    // of the open job
    std::int32_t seenPresetNumber_ = 0;
    bool isEnding_ = false;
    std::condition_variable ending_;
    Recorder recorder_;
    Shelf shelf_;
    Companion companion_;
    std::thread thread_;           // serves what parameters ask for
};

}  // namespace stylus
