// bridge.json and presets.json: how the running app is found, and what it offers.
#pragma once

#include "../files/whole_file.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace stylus {

struct Endpoint {
    std::uint16_t port = 0;
    std::string token;
    fs::path jobs;

    bool exists() const noexcept { return port != 0; }
    bool operator==(const Endpoint& other) const { return port == other.port && token == other.token && jobs == other.jobs; }
};

/// What `bridge.json` in the state folder says; does not exist if the file is missing or of another protocol.
Endpoint readEndpoint(const fs::path& stateFolder);

struct Preset {
    std::string id, name;
};

/// The presets in menu order; none if `presets.json` is missing.
std::vector<Preset> readPresets(const fs::path& stateFolder);

}  // namespace stylus
