// Integrated loudness, ITU-R BS.1770-4: so that A and B are compared by sound and not by level.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace stylus {

/// Fed in pieces; channels count alike.
class Loudness {
public:
    Loudness(std::uint32_t rate, std::uint32_t channels);

    void add(const float* interleaved, std::size_t frames);

    /// LUFS; -inf for silence.
    double integrated() const;

private:
    struct Biquad {
        std::array<double, 5> c;  // b0, b1, b2, a1, a2
        double operator()(double in, std::array<double, 2>& z) const noexcept {
            const double out = c[0] * in + z[0];
            z[0] = c[1] * in - c[3] * out + z[1];
            z[1] = c[2] * in - c[4] * out;
            return out;
        }
    };

    std::uint32_t channels_;
    std::size_t hop_;            // 100 ms in frames
    Biquad shelf_, highPass_;
    std::vector<std::array<double, 2>> shelfState_, highPassState_;
    std::vector<double> powers_;  // mean square of each hop, summed over channels
    double sum_ = 0.0;
    std::size_t inHop_ = 0;
};

}  // namespace stylus
