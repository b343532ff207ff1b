// The reader thread: brings the chosen take's stem into memory, ahead of the transport.
#pragma once

#include "../audio/mixer.hpp"
#include "take.hpp"

#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

namespace stylus {

enum class StemState { none, loading, ready, trouble };

struct ShelfView {
    StemState state = StemState::none;
    std::string trouble;  ///< what is wrong with the file, and what to do
};

/// Stems are read whole: a loop, a jump or an offline bounce then never waits for a disk.
class Shelf {
public:
    /// Told on the reader's thread once a stem is in memory, with its hash.
    using Listener = std::function<void(const Take&)>;

    Shelf(Mixer& mixer, std::uint32_t channels, Listener listener);
    ~Shelf() { stop(); }

    /// Ends the thread; the listener hears nothing more.
    void stop();

    /// Play this take from now on; none if it does not exist. `rate`: the session's.
    void choose(const Take& take);
    void setRate(std::uint32_t rate);

    /// True once there is nothing left to load, or after `milliseconds`.
    bool waitUntilLoaded(int milliseconds);

    ShelfView view() const;

private:
    void run();
    void load(const Take& take);
    void check(const Take& take, std::uint32_t rate, std::uint32_t channels, std::int64_t length) const;
    void fill(Stem& stem, class WavReader& reader);
    void offer(std::unique_ptr<Stem> stem);
    void sweep();
    bool isOverruled() const;
    void show(StemState state, const std::string& trouble = "");

    Mixer& mixer_;
    const std::uint32_t channels_;
    Listener listener_;
    mutable std::mutex mutex_;  // guards what follows; never taken by the audio thread
    std::condition_variable changed_;
    Take wanted_;
    std::uint32_t rate_ = 48'000;
    std::uint64_t request_ = 0, loading_ = 0, served_ = 0;
    ShelfView view_;
    bool isEnding_ = false;
    std::list<std::unique_ptr<Stem>> stems_;  // the reader's: the last is offered, the others await their release
    std::thread thread_;
};

}  // namespace stylus
