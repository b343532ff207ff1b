#include "folders.hpp"

#include <cstdlib>

namespace stylus {

namespace {

constexpr const char* kNote = "StylusConnect.state-folder";

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
}

fs::path dataFolder() {
#ifdef _WIN32
    return pathOf(environment("LOCALAPPDATA"));
#elif defined(__APPLE__)
    return pathOf(environment("HOME")) / "Library" / "Application Support";
#else
    const std::string named = environment("XDG_DATA_HOME");
    return named.empty() ? pathOf(environment("HOME")) / ".local" / "share" : pathOf(named);
#endif
}

std::string firstLine(std::string text) { return text.substr(0, text.find_first_of("\r\n")); }

}  // namespace

fs::path stateFolder(const fs::path& binary) {
    const std::string named = environment("STYLUS_HOME");
    if (!named.empty()) return pathOf(named);
    const std::string noted = firstLine(readText(binary.parent_path() / kNote, 4096));
    return noted.empty() ? dataFolder() / "stylus-daw" : pathOf(noted);
}

}  // namespace stylus
