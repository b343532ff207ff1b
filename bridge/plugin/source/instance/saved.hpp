// What a session remembers of an instance.
#pragma once

#include "../capture/recorder.hpp"
#include "../link/endpoint.hpp"
#include "../stems/take.hpp"

#include <string>
#include <vector>

namespace stylus {

struct Saved {
    static constexpr std::size_t kMostTakes = 16;
    static constexpr std::size_t kLabelBytes = 100;  ///< of a track's name; it travels in every greeting

    std::string id;            ///< of the instance
    std::string label;         ///< the track's name, as the user typed it
    Preset preset;
    std::int32_t presetNumber = 0;  ///< the parameter's value when the preset was chosen
    Capture capture;
    std::vector<Take> takes;   ///< oldest first
    std::size_t chosen = 0;    ///< which take plays
    std::string openJob;       ///< rendered when the session was saved

    Take take() const { return chosen < takes.size() ? takes[chosen] : Take{}; }
    void add(Take take);
};

/// The parts, by key: each is one state of the plugin.
inline constexpr const char* kStateKeys[] = {"instance", "label", "preset", "capture", "takes", "job"};

std::string writePart(const Saved& saved, const std::string& key);

/// What makes no sense is left out: a session opens in any case.
void readPart(Saved& saved, const std::string& key, const std::string& value);

}  // namespace stylus
