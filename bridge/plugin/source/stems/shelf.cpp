#include "shelf.hpp"

#include "../files/failure.hpp"
#include "../files/sha256.hpp"
#include "../files/wav.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace stylus {

namespace {

std::string hertz(std::uint32_t rate) { return std::to_string(rate) + " Hz"; }

}  // namespace

Shelf::Shelf(Mixer& mixer, std::uint32_t channels, Listener listener)
    : mixer_(mixer), channels_(channels), listener_(std::move(listener)) {
    thread_ = std::thread([this] { run(); });
}

void Shelf::stop() {
    {
        const std::lock_guard lock(mutex_);
        isEnding_ = true;
        ++request_;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void Shelf::choose(const Take& take) {
    {
        const std::lock_guard lock(mutex_);
        wanted_ = take;
        ++request_;
    }
    changed_.notify_all();
}

void Shelf::setRate(std::uint32_t rate) {
    {
        const std::lock_guard lock(mutex_);
        if (rate == rate_) return;
        rate_ = rate;
        ++request_;
    }
    changed_.notify_all();
}

bool Shelf::waitUntilLoaded(int milliseconds) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::milliseconds(milliseconds), [this] { return served_ == request_; });
}

ShelfView Shelf::view() const {
    const std::lock_guard lock(mutex_);
    return view_;
}

void Shelf::run() {
    using namespace std::chrono_literals;
    std::unique_lock lock(mutex_);
    while (!isEnding_) {
        if (served_ == request_) changed_.wait_for(lock, 500ms);
        const std::uint64_t request = loading_ = request_;
        const Take take = wanted_;
        const bool isNew = request != served_ && !isEnding_;
        lock.unlock();
        if (isNew) load(take);
        sweep();
        lock.lock();
        if (isNew && request == request_) served_ = request;
        if (isNew) changed_.notify_all();
    }
}

void Shelf::load(const Take& take) {
    offer(nullptr);
    if (!take.exists()) return show(StemState::none);
    show(StemState::loading);
    try {
        WavReader reader(take.stem);
        check(take, reader.rate(), reader.channels(), static_cast<std::int64_t>(reader.frames()));
        const auto gain = static_cast<float>(std::pow(10.0, take.equalGainDb / 20.0));
        auto stem = std::make_unique<Stem>(Stem::Facts{take.start, take.length, take.rate, take.channels, gain});
        Stem& filling = *stem;
        offer(std::move(stem));
        fill(filling, reader);
        Take known = take;
        known.sha256 = sha256Of(take.stem, [this] { return !isOverruled(); });
        if (isOverruled()) return;
        if (!take.sha256.empty() && take.sha256 != known.sha256)
            throw Failure("'" + utf8(take.stem) + "' has been changed since it was rendered. Locate the original, or render again.");
        listener_(known);  // first: what is said to be ready can be saved with its hash
        if (!isOverruled()) show(StemState::ready);
    } catch (const Failure& failure) {
        offer(nullptr);
        show(StemState::trouble, failure.what());
    } catch (const std::bad_alloc&) {
        offer(nullptr);
        show(StemState::trouble, "There is not enough memory for this stem. Put its file onto a track instead.");
    }
}

void Shelf::check(const Take& take, std::uint32_t rate, std::uint32_t channels, std::int64_t length) const {
    std::uint32_t session = 0;
    {
        const std::lock_guard lock(mutex_);
        session = rate_;
    }
    const std::string name = "'" + utf8(take.stem) + "'";
    if (rate != take.rate || channels != take.channels || length != take.length)
        throw Failure(name + " is not the stem that was rendered. Locate the original, or render again.");
    if (rate != session)
        throw Failure("The stem has " + hertz(rate) + ", the session " + hertz(session) + ". Capture and render again.");
    if (channels != channels_)
        throw Failure("The stem has " + std::to_string(channels) + " channels, this plugin " + std::to_string(channels_) + ".");
    if (static_cast<std::uint64_t>(length) * channels * sizeof(float) > Stem::kMostBytes)
        throw Failure(name + " has more than 1 GB: put it onto a track instead.");
}

void Shelf::fill(Stem& stem, WavReader& reader) {
    for (std::int64_t done = 0; done < stem.facts().length && !isOverruled(); done += Stem::kChunk) {
        auto chunk = std::make_unique<float[]>(static_cast<std::size_t>(Stem::kChunk) * stem.facts().channels);
        const auto wanted = static_cast<std::size_t>(std::min<std::int64_t>(Stem::kChunk, stem.facts().length - done));
        if (reader.read(chunk.get(), wanted) != wanted) throw Failure("The stem's file ends too early. Render again.");
        if (!std::all_of(chunk.get(), chunk.get() + wanted * stem.facts().channels, [](float one) { return std::isfinite(one); }))
            throw Failure("The stem holds samples that are not numbers. Render again.");
        stem.add(std::move(chunk));
    }
}

void Shelf::offer(std::unique_ptr<Stem> stem) {
    mixer_.offer(stem.get());
    if (stem != nullptr) stems_.push_back(std::move(stem));
    sweep();
}

/// Frees what the audio thread has let go of.
void Shelf::sweep() {
    stems_.remove_if([this](const std::unique_ptr<Stem>& stem) { return mixer_.letsGoOf(stem.get()); });
}

bool Shelf::isOverruled() const {
    const std::lock_guard lock(mutex_);
    return request_ != loading_;
}

void Shelf::show(StemState state, const std::string& trouble) {
    const std::lock_guard lock(mutex_);
    view_ = {state, trouble};
}

}  // namespace stylus
