// Where stylus-daw keeps things on this computer.
#pragma once

#include "whole_file.hpp"

namespace stylus {

/// The state folder: `STYLUS_HOME`; else what `StylusConnect.state-folder` beside the plugin's binary says, as
/// `stylus-daw install connect` writes it; else the system's data folder.
fs::path stateFolder(const fs::path& binary);

}  // namespace stylus
