// Takes: how a finished job becomes one, and where its stem is.
#include "instance.hpp"

#include "../files/failure.hpp"
#include "../files/loudness.hpp"
#include "../files/sha256.hpp"

#include <algorithm>
#include <cmath>

namespace stylus {

namespace {

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

void Instance::chooseTake(std::size_t index) {
    {
        const std::lock_guard lock(mutex_);
        if (index >= saved_.takes.size()) return;
        saved_.chosen = index;
    }
    choose();
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
        if (!fs::exists(file, error)) copyWhole(take.stem, file);
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
    const auto isNew = [&take](const Take& one) { return one.job == take.job && one.sha256.empty(); };
    {
        const std::lock_guard lock(mutex_);
        if (std::none_of(saved_.takes.begin(), saved_.takes.end(), isNew)) return;
    }
    const double gain = equalGain(take);
    std::string label;
    {
        const std::lock_guard lock(mutex_);
        for (Take& one : saved_.takes) {
            if (!isNew(one)) continue;
            one.sha256 = take.sha256;
            one.equalGainDb = gain;
        }
        label = saved_.label;
    }
    companion_.confirm(take.job, "plays in place" + (label.empty() ? "" : ", track " + label));
    choose();  // once more, with the gain that is known now
}

double Instance::equalGain(const Take& take) const {
    Capture capture;
    {
        const std::lock_guard lock(mutex_);
        capture = saved_.capture;
    }
    if (capture.start != take.start || capture.length != take.length) return 0.0;  // another region by now
    try {
        const double original = loudnessOf(capture.file, static_cast<std::uint64_t>(capture.before),
                                           static_cast<std::uint64_t>(capture.length));
        const double gain = original - loudnessOf(take.stem, 0, static_cast<std::uint64_t>(take.length));
        return std::isfinite(gain) ? std::clamp(gain, -Take::kMostGainDb, Take::kMostGainDb) : 0.0;
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

}  // namespace stylus
