// The parameters: what a host automates and a controller reaches.
#pragma once

#include <cstdint>

namespace stylus {

enum Parameter : std::uint32_t {
    kBypass,
    kResult,      ///< off: A, the original; on: B, the result
    kDryWet,      ///< per cent
    kStrength,    ///< per cent, of the next render; 0: the preset's own
    kPreset,      ///< its number in the menu; 0: the one chosen in the window
    kEqualLoud,   ///< the result as loud as the original
    kCapture,     ///< on: begin, off: end
    kRender,      ///< on: render what was captured
    kProgress,    ///< output, per cent
    kStatus,      ///< output, a `Status`
    kParameters,
};

enum class Status : std::int32_t { away, ready, waiting, capturing, captured, rendering, result, trouble };

struct ParameterFacts {
    const char* name;
    const char* symbol;
    const char* unit;
    float initial, least, most;
    bool isSwitch, isWhole, isOutput;
};

inline constexpr ParameterFacts kParameterFacts[kParameters] = {
    {"Bypass", "bypass", "", 0, 0, 1, true, true, false},
    {"Result (B)", "result", "", 1, 0, 1, true, true, false},
    {"Dry/Wet", "dry_wet", "%", 100, 0, 100, false, false, false},
    {"Strength (0 = preset's)", "strength", "%", 0, 0, 200, false, false, false},
    {"Preset number", "preset", "", 0, 0, 999, false, true, false},
    {"Equal loudness", "equal_loudness", "", 0, 0, 1, true, true, false},
    {"Capture", "capture", "", 0, 0, 1, true, true, false},
    {"Render", "render", "", 0, 0, 1, true, true, false},
    {"Progress", "progress", "%", 0, 0, 100, false, false, true},
    {"Status", "status", "", 0, 0, 7, false, true, true},
};

}  // namespace stylus
