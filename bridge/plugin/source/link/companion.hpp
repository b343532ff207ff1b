// The link thread: whether stylus-daw is there, what it offers, and how the one job of this instance stands.
#pragma once

#include "job.hpp"
#include "osc.hpp"
#include "udp.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace stylus {

enum class Presence {
    looking,  ///< has not been asked yet
    away,     ///< is not running
    silent,   ///< has a bridge.json, and does not answer
    refused,  ///< does not take our token
    here,
};

struct CompanionView {
    Presence presence = Presence::looking;
    std::string version;
    std::int32_t queued = 0, running = 0;
    std::vector<Preset> presets;
    JobView job;
};

class Companion {
public:
    /// Told on the link's thread of the end of every job.
    using Listener = std::function<void(const JobView&)>;

    Companion(fs::path stateFolder, Listener listener);
    ~Companion() { stop(); }

    /// Ends the thread; the listener hears nothing more.
    void stop();

    /// Have a region rendered. Throws `Failure`: a job is open, or the folder cannot be written.
    std::string render(const Order& order);
    void cancel();

    /// Follow a job of an earlier run.
    void follow(const std::string& job);

    /// The stem plays in the session: the app shows it to the user.
    void confirm(const std::string& job, const std::string& detail);

    /// Told to the app with the next hello.
    void setLabel(const std::string& label);

    CompanionView view() const;
    fs::path jobs() const;

private:
    using Clock = std::chrono::steady_clock;

    void run();
    void step();
    void look();
    void ask();
    void hello();
    void chase();
    void submit();
    void send(const std::string& address, std::vector<OscArgument> arguments);
    void hear(const OscMessage& message);
    void hearRefusal(const OscMessage& message);
    void hearJob(const OscMessage& message);
    void settle(const JobView& job);
    void setPresence(Presence presence);
    static bool isDue(Clock::time_point& next, std::chrono::milliseconds period);

    const fs::path stateFolder_;
    Listener listener_;
    mutable std::mutex mutex_;  // guards view_, label_, endpoint_, isEnding_ and what was asked for
    CompanionView view_;
    std::string label_;
    Endpoint endpoint_;
    bool isEnding_ = false, cancels_ = false, greetsAnew_ = false;
    std::vector<OscMessage> outbox_;
    UdpSocket socket_;          // the link thread's, as what follows
    Clock::time_point nextLook_{}, nextPing_{}, nextState_{}, nextSubmit_{}, heard_{};
    std::string chased_;        // the job that submits_ counts for
    int submits_ = 0;
    std::condition_variable ending_;
    std::thread thread_;
};

}  // namespace stylus
