// Catches what an audio thread must not do. The host's own malloc, locks, files and sockets stand in front of libc's.
#pragma once

#include <string>

namespace watch {

/// What this thread does from now on counts as the audio thread's.
void begin();
void end();

/// How many forbidden calls there were, and the first ones by name.
long calls();
std::string names();

}  // namespace watch
