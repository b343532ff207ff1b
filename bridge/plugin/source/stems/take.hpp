// One result of a render: where its stem is, and where in the session it belongs.
#pragma once

#include "../files/whole_file.hpp"

#include <cstdint>
#include <string>

namespace stylus {

struct Take {
    static constexpr double kMostGainDb = 24.0;

    std::string job;     ///< which made it
    std::string preset;  ///< the name that people see
    fs::path stem;
    std::string sha256;  ///< of the file; empty until it has been read once
    std::int64_t start = 0, length = 0;
    std::uint32_t rate = 0, channels = 0;
    double equalGainDb = 0.0;  ///< what makes it as loud as the original

    bool exists() const noexcept { return length > 0; }
};

}  // namespace stylus
