#include "words.hpp"

#include <algorithm>
#include <cctype>
#include <cstdio>

namespace stylus {

namespace {

std::string lower(std::string text) {
    for (char& letter : text) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    return text;
}

}  // namespace

std::string describeRegion(const Capture& capture) {
    if (!capture.exists() || capture.rate == 0) return {};
    const double start = static_cast<double>(capture.start) / capture.rate;
    const double length = static_cast<double>(capture.length) / capture.rate;
    const double minutes = start < 0 ? 0 : static_cast<double>(static_cast<int>(start / 60));
    char text[80];
    std::snprintf(text, sizeof text, "%.1f s at %d:%06.3f", length, static_cast<int>(minutes), start - 60 * minutes);
    return text;
}

std::string describeCompanion(const CompanionView& companion) {
    switch (companion.presence) {
        case Presence::looking: return "looking for stylus-daw";
        case Presence::away: return "stylus-daw is not running";
        case Presence::silent: return "stylus-daw does not answer";
        case Presence::refused: return "stylus-daw refuses";
        case Presence::here: break;
    }
    const std::int32_t waiting = companion.queued + companion.running;
    return "stylus-daw " + companion.version + (waiting > 0 ? ", " + std::to_string(waiting) + " in work" : "");
}

std::string describeTake(const Saved& saved) {
    if (saved.takes.empty()) return {};
    return "Take " + std::to_string(saved.chosen + 1) + " of " + std::to_string(saved.takes.size()) + ": " + saved.take().preset;
}

std::int32_t findPreset(const std::vector<Preset>& presets, const std::string& text, std::int32_t from) {
    const std::string wanted = lower(text);
    const auto count = static_cast<std::int32_t>(presets.size());
    for (std::int32_t step = 0; step < count && !wanted.empty(); ++step) {
        const std::int32_t index = (std::max(from, 1) - 1 + step) % count;
        if (lower(presets[static_cast<std::size_t>(index)].name).find(wanted) != std::string::npos) return index + 1;
    }
    return 0;
}

std::int32_t numberOf(const std::vector<Preset>& presets, const Preset& preset) {
    for (std::size_t index = 0; index < presets.size(); ++index)
        if (presets[index].id == preset.id) return static_cast<std::int32_t>(index + 1);
    return 0;
}

}  // namespace stylus
