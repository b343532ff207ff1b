#include "folders.hpp"

#include "failure.hpp"
#include "json.hpp"

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

/// The installer's note: a JSON string. Where nothing was installed, it still holds the mark that is replaced.
std::string noted(const fs::path& folder) {
    try {
        const std::string text = Json::parse(readText(folder / kNote, 4096)).text();
        return text.empty() || text[0] == '@' ? std::string() : text;
    } catch (const Failure&) {
        return {};
    }
}

}  // namespace

fs::path stateFolder(const fs::path& binary) {
    const std::string named = environment("STYLUS_HOME");
    if (!named.empty()) return pathOf(named);
    const std::string note = noted(binary.parent_path());
    return note.empty() ? dataFolder() / "stylus-daw" : pathOf(note);
}

}  // namespace stylus
