// What the window writes: positions, sizes, and the preset that a search finds.
#pragma once

#include "../../instance/instance.hpp"

#include <string>
#include <vector>

namespace stylus {

/// "12.3 s at 0:04.250"; empty if there is none.
std::string describeRegion(const Capture& capture);

/// "stylus-daw 0.1.0", "2 waiting", or why it is not there.
std::string describeCompanion(const CompanionView& companion);

/// "Take 2 of 3: Warm Strings"; empty without takes.
std::string describeTake(const Saved& saved);

/// The number, from 1, of the next preset whose name holds `text`, in any case, from `from` on; 0 if none does.
std::int32_t findPreset(const std::vector<Preset>& presets, const std::string& text, std::int32_t from);

/// The number, from 1, of a preset in the menu; 0 if it is not there.
std::int32_t numberOf(const std::vector<Preset>& presets, const Preset& preset);

}  // namespace stylus
