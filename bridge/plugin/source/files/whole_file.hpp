// Files that appear whole or not at all: written under a temporary name, forced to the disk, renamed.
#pragma once

#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <string>

namespace stylus {

namespace fs = std::filesystem;

/// A file in the making. Without `finish` it is removed again.
class WholeFile {
public:
    /// Throws `Failure` if the folder cannot be written.
    explicit WholeFile(fs::path target);
    ~WholeFile();
    WholeFile(const WholeFile&) = delete;
    WholeFile& operator=(const WholeFile&) = delete;

    /// Throws `Failure`: the disk is full, say.
    void write(const void* bytes, std::size_t count);

    /// Overwrites bytes near the beginning, as a header.
    void rewrite(long offset, const void* bytes, std::size_t count);

    /// The file is there under its name from now on.
    void finish();

    const fs::path& target() const noexcept { return target_; }

private:
    [[noreturn]] void fail(const char* deed) const;

    fs::path target_, temporary_;
    std::FILE* file_ = nullptr;
};

/// Writes a text in one go.
void writeWhole(const fs::path& target, const std::string& text);

/// Copies a regular file. Throws `Failure`; nothing is left of half a copy.
void copyWhole(const fs::path& source, const fs::path& target);

/// The content of a regular file of at most `mostBytes`; empty if there is none.
std::string readText(const fs::path& path, std::size_t mostBytes = std::size_t{1} << 20);

/// Opens a file for reading; null with `errno` if that fails.
std::FILE* openToRead(const fs::path& path);

/// `path` as UTF-8.
std::string utf8(const fs::path& path);

/// A path from UTF-8.
fs::path pathOf(const std::string& utf8);

/// The first `most` bytes of a text, without half a letter at the end.
std::string beginning(const std::string& text, std::size_t most);

/// 32 hexadecimal digits that nobody else has.
std::string freshId();

}  // namespace stylus
