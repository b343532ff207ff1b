#include "wav.hpp"

#include "failure.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

namespace stylus {

namespace {

constexpr std::uint16_t kFloat = 3, kExtensible = 0xfffe;
constexpr int kMostChunks = 1'000;  // a file of zeros is a row of empty ones
constexpr long kHeaderBytes = 58;  // RIFF, fmt with cbSize, fact, the head of data

void put(std::string& bytes, std::uint32_t value, int count) {
    for (int shift = 0; shift < count; ++shift) bytes += static_cast<char>(value >> (8 * shift) & 0xff);
}

std::uint64_t number(const unsigned char* bytes, int count) {
    std::uint64_t value = 0;
    while (count-- > 0) value = value << 8 | bytes[count];
    return value;
}

std::string header(std::uint32_t channels, std::uint32_t rate, std::uint64_t frames) {
    const auto dataBytes = static_cast<std::uint32_t>(frames * channels * sizeof(float));
    std::string bytes = "RIFF";
    put(bytes, static_cast<std::uint32_t>(kHeaderBytes - 8) + dataBytes, 4);
    bytes += "WAVEfmt ";
    put(bytes, 18, 4);
    put(bytes, kFloat, 2);
    put(bytes, channels, 2);
    put(bytes, rate, 4);
    put(bytes, rate * channels * 4, 4);
    put(bytes, channels * 4, 2);
    put(bytes, 32, 2);
    put(bytes, 0, 2);
    bytes += "fact";
    put(bytes, 4, 4);
    put(bytes, static_cast<std::uint32_t>(frames), 4);
    bytes += "data";
    put(bytes, dataBytes, 4);
    return bytes;
}

int seekTo(std::FILE* file, std::uint64_t offset) {
#ifdef _WIN32
    return _fseeki64(file, static_cast<long long>(offset), SEEK_SET);
#else
    return ::fseeko(file, static_cast<off_t>(offset), SEEK_SET);
#endif
}

}  // namespace

WavWriter::WavWriter(fs::path target, std::uint32_t channels, std::uint32_t rate)
    : file_(std::move(target)), channels_(channels), rate_(rate) {
    const std::string bytes = header(channels_, rate_, 0);
    file_.write(bytes.data(), bytes.size());
}

void WavWriter::append(const float* interleaved, std::size_t frames) {
    file_.write(interleaved, frames * channels_ * sizeof(float));
    frames_ += frames;
}

bool WavWriter::hasRoomFor(std::size_t frames) const noexcept {
    return (frames_ + frames) * channels_ * sizeof(float) <= kMostBytes;
}

void WavWriter::finish() {
    const std::string bytes = header(channels_, rate_, frames_);
    file_.rewrite(0, bytes.data(), bytes.size());
    file_.finish();
}

WavReader::WavReader(const fs::path& path) : path_(path) {
    std::error_code error;
    if (!fs::is_regular_file(path, error)) throw Failure("'" + utf8(path) + "' is missing.");
    file_ = openToRead(path);
    if (file_ == nullptr) throw Failure("'" + utf8(path) + "' cannot be read: " + std::strerror(errno) + ".");
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> guard(file_, std::fclose);
    readChunks();
    guard.release();
}

WavReader::~WavReader() { std::fclose(file_); }

void WavReader::readChunks() {
    unsigned char head[12];
    std::uint64_t longSize = 0;
    const bool isRiff = std::fread(head, 1, 12, file_) == 12 && std::memcmp(head + 8, "WAVE", 4) == 0 &&
                        (std::memcmp(head, "RIFF", 4) == 0 || std::memcmp(head, "RF64", 4) == 0);
    std::uint64_t at = 12;
    for (int chunk = 0; isRiff && chunk < kMostChunks && seekTo(file_, at) == 0 && std::fread(head, 1, 8, file_) == 8; ++chunk) {
        std::uint64_t size = number(head + 4, 4);
        if (std::memcmp(head, "ds64", 4) == 0) {
            unsigned char sizes[16];
            if (std::fread(sizes, 1, 16, file_) == 16) longSize = number(sizes + 8, 8);
        } else if (std::memcmp(head, "fmt ", 4) == 0) {
            readFormat(static_cast<std::uint32_t>(size));
        } else if (std::memcmp(head, "data", 4) == 0 && channels_ > 0) {
            if (size == 0xffffffffU && longSize > 0) size = longSize;
            return claim(at + 8, size);
        }
        at += 8 + size + (size & 1);
    }
    throw Failure("'" + utf8(path_) + "' is not a WAV file of 32-bit floats, as stylus-daw writes them.");
}

/// The samples begin at `at`; there are no more bytes of them than the file has.
void WavReader::claim(std::uint64_t at, std::uint64_t size) {
    std::error_code error;
    const std::uint64_t all = fs::file_size(path_, error);
    const std::uint64_t there = error || all < at ? 0 : all - at;
    dataAt_ = at;
    frames_ = std::min(size, there) / (channels_ * sizeof(float));
    if (frames_ == 0) throw Failure("'" + utf8(path_) + "' holds no samples. Render again.");
}

void WavReader::readFormat(std::uint32_t size) {
    unsigned char format[40] = {};
    const std::size_t wanted = size < sizeof format ? size : sizeof format;
    if (std::fread(format, 1, wanted, file_) != wanted || wanted < 16) return;
    std::uint64_t kind = number(format, 2);
    if (kind == kExtensible && wanted >= 26) kind = number(format + 24, 2);
    const auto channels = static_cast<std::uint32_t>(number(format + 2, 2));
    if (kind != kFloat || number(format + 14, 2) != 32 || channels > 64) return;
    channels_ = channels;
    rate_ = static_cast<std::uint32_t>(number(format + 4, 4));
}

void WavReader::seek(std::uint64_t frame) {
    if (seekTo(file_, dataAt_ + frame * channels_ * sizeof(float)) != 0)
        throw Failure("'" + utf8(path_) + "' cannot be read: " + std::strerror(errno) + ".");
}

std::size_t WavReader::read(float* interleaved, std::size_t frames) {
    return std::fread(interleaved, channels_ * sizeof(float), frames, file_);
}

}  // namespace stylus
