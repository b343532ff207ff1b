#include "companion.hpp"

#include "../files/failure.hpp"

#include <algorithm>
#include <utility>

namespace stylus {

using namespace std::chrono_literals;

namespace {

constexpr int kSubmits = 20;  // a second apart; only while the app is there
constexpr int kPackets = 256;  // in a row; then the rest has its turn
constexpr auto kSilence = 5s;  // without an answer; a ping is sent every second

/// A part of the whole, whatever was told.
double part(double told) { return told > 0.0 ? std::min(told, 1.0) : 0.0; }

/// An empty file says it where nobody listens.
void leaveNote(const fs::path& path) {
    try {
        writeWhole(path, "");
    } catch (const Failure&) {  // the job is rendered then, and its stem is a take that nobody chose
    }
}

}  // namespace

Companion::Companion(fs::path stateFolder, Listener listener)
    : stateFolder_(std::move(stateFolder)), listener_(std::move(listener)) {
    thread_ = std::thread([this] { run(); });
}

void Companion::stop() {
    {
        const std::lock_guard lock(mutex_);
        isEnding_ = true;
    }
    ending_.notify_all();
    if (thread_.joinable()) thread_.join();
}

std::string Companion::render(const Order& order) {
    fs::path jobs;
    {
        const std::lock_guard lock(mutex_);
        if (view_.job.isOpen()) throw Failure("This instance is rendering already. Wait, or cancel.");
        if (view_.presence != Presence::here) throw Failure("stylus-daw is not running. Start it, then press Render again.");
        jobs = endpoint_.jobs;
    }
    const std::string job = freshId();
    writeJob(jobs, job, order);
    const std::lock_guard lock(mutex_);
    view_.job = {};
    view_.job.job = job;
    view_.job.phase = Phase::sending;
    return job;
}

void Companion::cancel() {
    const std::lock_guard lock(mutex_);
    cancels_ = view_.job.isOpen();
}

void Companion::follow(const std::string& job) {
    const std::lock_guard lock(mutex_);
    view_.job = {};
    view_.job.job = job;
    view_.job.phase = Phase::running;
}

void Companion::confirm(const std::string& job, const std::string& detail) {
    const std::lock_guard lock(mutex_);
    outbox_.push_back({"/stylus/job/inserted", {std::string(), job, detail}});
}

void Companion::setLabel(const std::string& label) {
    const std::lock_guard lock(mutex_);
    if (label == label_) return;
    label_ = label;
    greetsAnew_ = true;
}

CompanionView Companion::view() const {
    const std::lock_guard lock(mutex_);
    return view_;
}

fs::path Companion::jobs() const {
    const std::lock_guard lock(mutex_);
    return endpoint_.exists() ? endpoint_.jobs : stateFolder_ / "jobs";
}

void Companion::run() {
    std::unique_lock lock(mutex_);
    while (!ending_.wait_for(lock, 20ms, [this] { return isEnding_; })) {
        lock.unlock();
        step();
        lock.lock();
    }
}

void Companion::step() {
    if (isDue(nextLook_, 1s)) look();
    if (isDue(nextPing_, 1s)) ask();
    chase();
    OscMessage message;
    std::string packet = socket_.receive(30);
    for (int count = 0; count < kPackets && !packet.empty(); ++count, packet = socket_.receive(0))
        if (decodeOsc(packet, message)) hear(message);
}

/// Reads the files of the app; they are small, and change when it is started again.
void Companion::look() {
    const Endpoint found = readEndpoint(stateFolder_);
    std::vector<Preset> presets = readPresets(stateFolder_);
    bool isNew = false;
    {
        const std::lock_guard lock(mutex_);
        if (!presets.empty()) view_.presets = std::move(presets);
        isNew = !(found == endpoint_) || std::exchange(greetsAnew_, false);
        endpoint_ = found;
    }
    if (!found.exists()) return setPresence(Presence::away);
    if (!isNew) return;
    heard_ = Clock::now();
    if (!socket_.connectTo(found.port)) return setPresence(Presence::silent);
    hello();
}

void Companion::hello() {
    std::string client = "connect";
    {
        const std::lock_guard lock(mutex_);
        if (!label_.empty()) client += ": " + label_;
    }
    send("/stylus/hello", {std::string(), 1, client, std::string(STYLUS_VERSION), 0});
}

void Companion::ask() {
    bool exists = false;
    {
        const std::lock_guard lock(mutex_);
        exists = endpoint_.exists();
    }
    if (!exists) return;
    if (Clock::now() - heard_ > kSilence) setPresence(Presence::silent);
    send("/stylus/ping", {std::string()});
}

/// Brings the open job forward: submits it until it is answered, reads its state, cancels it.
void Companion::chase() {
    JobView job;
    bool cancels = false, isAway = false;
    std::vector<OscMessage> outbox;
    fs::path folder;
    {
        const std::lock_guard lock(mutex_);
        job = view_.job;
        cancels = std::exchange(cancels_, false);
        outbox.swap(outbox_);
        isAway = view_.presence != Presence::here;
        folder = (endpoint_.exists() ? endpoint_.jobs : stateFolder_ / "jobs") / pathOf(job.job);
    }
    for (OscMessage& message : outbox) send(message.address, std::move(message.arguments));
    if (!job.isOpen()) return;
    if (job.job != chased_) {
        chased_ = job.job;
        submits_ = 0;
        nextSubmit_ = nextState_ = {};
    }
    if (cancels) {
        leaveNote(folder / "cancel");
        send("/stylus/job/cancel", {std::string(), job.job});
    }
    std::error_code error;
    const bool isLost = job.phase != Phase::sending && !fs::is_directory(folder, error);
    if (isLost && !isAway && !cancels) {  // the app is there, and so it is known where its jobs are
        job.phase = Phase::failed;
        job.text = "The job that was rendering is not on this computer. Render again.";
        return settle(job);
    }
    if ((job.phase == Phase::sending || isLost) && cancels) {  // the app has not heard of it, or has not said so
        job.phase = Phase::cancelled;
        return settle(job);
    }
    if (job.phase == Phase::sending && !isAway && isDue(nextSubmit_, 1s)) submit();
    if (isDue(nextState_, 300ms)) {
        JobView state = readState(folder);
        if (state.phase != Phase::none) settle(state);
    }
}

void Companion::submit() {
    JobView job = view().job;
    if (++submits_ > kSubmits) {
        job.phase = Phase::failed;
        job.text = "stylus-daw does not answer. If it is busy, wait and render again; otherwise restart it.";
        return settle(job);
    }
    send("/stylus/job/submit", {std::string(), job.job, utf8(jobs() / pathOf(job.job))});
}

void Companion::send(const std::string& address, std::vector<OscArgument> arguments) {
    {
        const std::lock_guard lock(mutex_);
        arguments[0] = endpoint_.token;
    }
    if (!socket_.send(encodeOsc({address, std::move(arguments)}))) setPresence(Presence::away);
}

void Companion::hear(const OscMessage& message) {
    heard_ = Clock::now();
    if (message.address == "/stylus/error" && message.has("sss")) return hearRefusal(message);
    const std::lock_guard lock(mutex_);
    if (message.address == "/stylus/pong" && message.has("sii")) {
        view_.presence = Presence::here;
        view_.version = message.text(0);
        view_.queued = message.integer(1);
        view_.running = message.integer(2);
    } else if (message.arguments.size() >= 1 && message.address.rfind("/stylus/job/", 0) == 0) {
        hearJob(message);
    }
}

void Companion::hearRefusal(const OscMessage& message) {
    if (message.text(0) == "bridge.token") {
        setPresence(Presence::refused);
        const std::lock_guard lock(mutex_);
        greetsAnew_ = true;  // it may have been started again: its file is read anew, once a second
        return;
    }
    JobView job = view().job;
    if (message.text(2) != "/stylus/job/submit" || job.phase != Phase::sending) return;
    job.phase = Phase::failed;
    job.text = message.text(1);
    settle(job);
}

/// With the lock held. Only what state.json tells later is taken from messages; the outcome is read from the file.
void Companion::hearJob(const OscMessage& message) {
    if (!std::holds_alternative<std::string>(message.arguments[0]) || message.text(0) != view_.job.job) return;
    if (!view_.job.isOpen()) return;
    if (message.address == "/stylus/job/queued" && message.has("si")) {
        view_.job.phase = Phase::queued;
        view_.job.position = message.integer(1);
    } else if (message.address == "/stylus/job/progress" && message.has("sfs")) {
        view_.job.phase = Phase::running;
        view_.job.fraction = part(message.real(1));
        view_.job.text = message.text(2);
    } else {
        nextState_ = {};
    }
}

void Companion::settle(const JobView& job) {
    {
        const std::lock_guard lock(mutex_);
        if (job.job != view_.job.job || !view_.job.isOpen()) return;
        view_.job = job;
    }
    if (!job.isOpen()) listener_(job);
}

void Companion::setPresence(Presence presence) {
    const std::lock_guard lock(mutex_);
    view_.presence = presence;
}

bool Companion::isDue(Clock::time_point& next, std::chrono::milliseconds period) {
    const auto now = Clock::now();
    if (now < next) return false;
    next = now + period;
    return true;
}

}  // namespace stylus
