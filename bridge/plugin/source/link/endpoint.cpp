#include "endpoint.hpp"

#include "../files/failure.hpp"
#include "../files/json.hpp"

namespace stylus {

namespace {

constexpr std::int64_t kProtocol = 1;

Json readJson(const fs::path& path) {
    try {
        return Json::parse(readText(path));
    } catch (const Failure&) {
        return {};
    }
}

}  // namespace

Endpoint readEndpoint(const fs::path& stateFolder) {
    const Json file = readJson(stateFolder / "bridge.json");
    const std::int64_t port = file["port"].integer();
    if (file["protocol"].integer() != kProtocol || port <= 0 || port > 65'535) return {};
    const fs::path jobs = pathOf(file["jobs"].text());
    if (!jobs.is_absolute()) return {};
    return {static_cast<std::uint16_t>(port), file["token"].text(), jobs};
}

std::vector<Preset> readPresets(const fs::path& stateFolder) {
    std::vector<Preset> presets;
    const Json file = readJson(stateFolder / "presets.json");
    for (const Json& preset : file["presets"].items())
        presets.push_back({preset["id"].text(), preset["name"].text()});
    return presets;
}

}  // namespace stylus
