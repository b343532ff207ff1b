#include "loudness.hpp"

#include <cmath>
#include <limits>

namespace stylus {

namespace {

constexpr double kPi = 3.14159265358979323846;

/// The two filters of BS.1770-4, annex 1, for any rate: from their analogue prototypes, as libebur128 computes them.
std::array<double, 5> shelf(double rate) {
    const double k = std::tan(kPi * 1681.974450955533 / rate), q = 0.7071752369554196;
    const double vh = std::pow(10.0, 3.999843853973347 / 20.0), vb = std::pow(vh, 0.4996667741545416);
    const double a0 = 1.0 + k / q + k * k;
    return {(vh + vb * k / q + k * k) / a0, 2.0 * (k * k - vh) / a0, (vh - vb * k / q + k * k) / a0,
            2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0};
}

std::array<double, 5> highPass(double rate) {
    const double k = std::tan(kPi * 38.13547087602444 / rate), q = 0.5003270373238773;
    const double a0 = 1.0 + k / q + k * k;
    return {1.0, -2.0, 1.0, 2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0};
}

double lufs(double power) { return -0.691 + 10.0 * std::log10(power); }

/// The mean of the powers above a threshold in LUFS; zero if there are none.
double meanAbove(const std::vector<double>& powers, double threshold) {
    double sum = 0.0;
    std::size_t count = 0;
    for (const double power : powers)
        if (lufs(power) > threshold) sum += power, ++count;
    return count > 0 ? sum / static_cast<double>(count) : 0.0;
}

}  // namespace

Loudness::Loudness(std::uint32_t rate, std::uint32_t channels)
    : channels_(channels), hop_(rate / 10), shelf_{shelf(rate)}, highPass_{highPass(rate)}, shelfState_(channels),
      highPassState_(channels) {}

void Loudness::add(const float* interleaved, std::size_t frames) {
    for (std::size_t frame = 0; frame < frames; ++frame) {
        for (std::uint32_t channel = 0; channel < channels_; ++channel) {
            const double bright = shelf_(interleaved[frame * channels_ + channel], shelfState_[channel]);
            const double weighted = highPass_(bright, highPassState_[channel]);
            sum_ += weighted * weighted;
        }
        if (++inHop_ == hop_) {
            powers_.push_back(sum_ / static_cast<double>(hop_));
            sum_ = 0.0;
            inHop_ = 0;
        }
    }
}

double Loudness::integrated() const {
    std::vector<double> blocks;  // of 400 ms, 100 ms apart
    for (std::size_t hop = 0; hop + 4 <= powers_.size(); ++hop)
        blocks.push_back((powers_[hop] + powers_[hop + 1] + powers_[hop + 2] + powers_[hop + 3]) / 4.0);
    if (blocks.empty() && inHop_ + powers_.size() > 0) {  // shorter than a block: all of it
        double sum = sum_ / static_cast<double>(hop_);
        for (const double power : powers_) sum += power;
        blocks.push_back(sum / (static_cast<double>(powers_.size()) + static_cast<double>(inHop_) / static_cast<double>(hop_)));
    }
    const double mean = meanAbove(blocks, -70.0);
    if (mean <= 0.0) return -std::numeric_limits<double>::infinity();
    return lufs(meanAbove(blocks, lufs(mean) - 10.0));
}

}  // namespace stylus
