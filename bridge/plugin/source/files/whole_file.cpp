#include "whole_file.hpp"

#include "failure.hpp"

#include <cerrno>
#include <algorithm>
#include <cstring>
#include <memory>
#include <random>
#include <vector>

#ifdef _WIN32
#include <io.h>
#else
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace stylus {

namespace {

std::FILE* openNew(const fs::path& path) {
#ifdef _WIN32
    return _wfopen(path.c_str(), L"wbx");
#else
    const int handle = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    return handle < 0 ? nullptr : ::fdopen(handle, "wb");
#endif
}

int forceToDisk(std::FILE* file) {
#ifdef _WIN32
    return _commit(_fileno(file));
#else
    return ::fsync(::fileno(file));
#endif
}

void forceFolderToDisk(const fs::path& folder) {
#ifndef _WIN32
    const int handle = ::open(folder.c_str(), O_RDONLY | O_CLOEXEC);
    if (handle < 0) return;
    ::fsync(handle);
    ::close(handle);
#else
    (void)folder;
#endif
}

}  // namespace

WholeFile::WholeFile(fs::path target) : target_(std::move(target)) {
    temporary_ = target_.parent_path() / (".stylus-" + freshId() + ".tmp");
    file_ = openNew(temporary_);
    if (file_ == nullptr) fail("created");
}

WholeFile::~WholeFile() {
    if (file_ == nullptr) return;
    std::fclose(file_);
    std::error_code ignored;
    fs::remove(temporary_, ignored);
}

void WholeFile::write(const void* bytes, std::size_t count) {
    if (std::fwrite(bytes, 1, count, file_) != count) fail("written");
}

void WholeFile::rewrite(long offset, const void* bytes, std::size_t count) {
    if (std::fseek(file_, offset, SEEK_SET) != 0) fail("written");
    write(bytes, count);
}

void WholeFile::finish() {
    if (std::fflush(file_) != 0 || forceToDisk(file_) != 0) fail("written");
    const int closed = std::fclose(file_);
    file_ = nullptr;
    std::error_code error;
    if (closed != 0) {
        const int code = errno;
        fs::remove(temporary_, error);
        errno = code;
        fail("written");
    }
    fs::rename(temporary_, target_, error);
    if (error) {
        std::error_code ignored;
        fs::remove(temporary_, ignored);
        throw Failure("'" + utf8(target_) + "' cannot be written: " + error.message() + ".");
    }
    forceFolderToDisk(target_.parent_path());
}

void WholeFile::fail(const char* deed) const {
    const int code = errno;
    std::string text = "'" + utf8(target_) + "' cannot be " + deed + ": " + std::strerror(code) + ".";
    if (code == ENOSPC) text += " Free disk space, then try again.";
    throw Failure(text);
}

void writeWhole(const fs::path& target, const std::string& text) {
    WholeFile file(target);
    file.write(text.data(), text.size());
    file.finish();
}

std::FILE* openToRead(const fs::path& path) {
#ifdef _WIN32
    return _wfopen(path.c_str(), L"rb");
#else
    return std::fopen(path.c_str(), "rbe");
#endif
}

std::string readText(const fs::path& path, std::size_t mostBytes) {
    std::error_code error;
    if (!fs::is_regular_file(path, error)) return {};
    std::FILE* file = openToRead(path);
    if (file == nullptr) return {};
    std::string text(mostBytes, '\0');
    text.resize(std::fread(text.data(), 1, mostBytes, file));
    std::fclose(file);
    return text;
}

void copyWhole(const fs::path& source, const fs::path& target) {
    std::error_code error;
    if (!fs::is_regular_file(source, error)) throw Failure("'" + utf8(source) + "' is missing.");
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> from(openToRead(source), std::fclose);
    if (from == nullptr) throw Failure("'" + utf8(source) + "' cannot be read: " + std::strerror(errno) + ".");
    WholeFile copy(target);
    std::vector<char> part(std::size_t{1} << 16);
    for (std::size_t count; (count = std::fread(part.data(), 1, part.size(), from.get())) > 0;) copy.write(part.data(), count);
    if (std::ferror(from.get()) != 0) throw Failure("'" + utf8(source) + "' cannot be read: " + std::strerror(errno) + ".");
    copy.finish();
}

std::string utf8(const fs::path& path) { return path.u8string(); }

fs::path pathOf(const std::string& utf8) { return fs::u8path(utf8); }

std::string beginning(const std::string& text, std::size_t most) {
    std::size_t end = std::min(text.size(), most);
    while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return text.substr(0, end);
}

std::string freshId() {
    std::random_device chance;
    std::string id;
    for (int part = 0; part < 4; ++part) {
        char digits[9];
        std::snprintf(digits, sizeof digits, "%08x", static_cast<unsigned>(chance()));
        id += digits;
    }
    return id;
}

}  // namespace stylus
