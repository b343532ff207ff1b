// The writer thread: takes what the audio thread feeds, and writes the region that Capture asks for.
#pragma once

#include "../audio/feed.hpp"
#include "../files/wav.hpp"
#include "history.hpp"
#include "region_rules.hpp"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace stylus {

/// A region on disk: a file of 32-bit floats that holds the region and its handles, and nothing else.
struct Capture {
    fs::path file;
    std::int64_t start = 0, length = 0;   ///< of the region, in samples of `rate`
    std::int64_t before = 0, after = 0;   ///< handles
    std::uint32_t rate = 0, channels = 0;
    double tempo = 0.0;                   ///< where the pass began; 0 if the host told none
    std::int32_t beats = 0, beatUnit = 0;

    bool exists() const noexcept { return length > 0; }
};

/// What the window shows of a capture.
struct CaptureView {
    RegionRules::State state = RegionRules::State::idle;
    std::int64_t start = 0, frames = 0;  ///< recorded so far
    bool isSaving = false;               ///< the region is on its way to the disk
    std::string trouble;                 ///< why the last attempt came to nothing
};

class Recorder {
public:
    using Listener = std::function<void(const Capture&)>;

    /// Captures go into `folder`, which is made when needed; `listener` hears of each, on the writer's thread.
    Recorder(Feed& feed, fs::path folder, Listener listener);
    ~Recorder();

    /// The session's rate. What is being captured is given up. Not from the audio thread.
    void setRate(std::uint32_t rate);

    CaptureView view() const;

    /// Takes what is there now, on the caller's thread. For tests and for the thread itself.
    void drain();

private:
    void run();
    void takeSamples(std::size_t frames);
    void handle(const Mark& mark);
    void obey(RegionRules::Verdict verdict, const char* reason = "");
    void open();
    void append(const float* interleaved, std::size_t frames);
    void finish();
    void complain(const std::string& text);
    Capture described() const;
    void show();
    void setSaving(bool isSaving);

    static constexpr std::int64_t kHandleMs = 500;  ///< as the other hosts' scripts send
    static constexpr std::size_t kChunk = 4096;     // frames

    Feed& feed_;
    fs::path folder_;
    Listener listener_;
    std::mutex working_;        // one drain at a time; never taken by the audio thread
    mutable std::mutex shown_;  // guards view_
    CaptureView view_;
    std::uint32_t rate_ = 0;
    RegionRules rules_{0};
    History history_{1, 0};
    std::vector<float> chunk_;
    std::unique_ptr<WavWriter> file_;
    std::uint64_t read_ = 0;    // frames of the stream
    bool isRolling_ = false;
    std::int64_t frame_ = 0;    // of the session, where the pass is
    Position begun_;
    bool isEnding_ = false;
    std::atomic<bool> isBusy_{false};  // look again at once
    std::mutex waiting_;
    std::condition_variable ending_;
    std::thread thread_;
};

}  // namespace stylus
