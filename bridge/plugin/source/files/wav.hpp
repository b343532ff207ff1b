// 32-bit float WAV: the captures that the plugin writes, and the stems that stylus-daw writes.
#pragma once

#include "whole_file.hpp"

#include <cstdint>
#include <cstdio>
#include <vector>

namespace stylus {

/// Writes interleaved float frames.
class WavWriter {
public:
    /// Longer than this a file without 64-bit sizes cannot be.
    static constexpr std::uint64_t kMostBytes = 0xffff0000ULL;

    /// Throws `Failure`, as everything here does.
    WavWriter(fs::path target, std::uint32_t channels, std::uint32_t rate);

    void append(const float* interleaved, std::size_t frames);

    /// Writes the sizes; the file is there from now on.
    void finish();

    std::uint64_t frames() const noexcept { return frames_; }
    bool hasRoomFor(std::size_t frames) const noexcept;
    const fs::path& target() const noexcept { return file_.target(); }

private:
    WholeFile file_;
    std::uint32_t channels_, rate_;
    std::uint64_t frames_ = 0;
};

/// Reads float frames of a WAV, RF64 or WAVE_FORMAT_EXTENSIBLE file.
class WavReader {
public:
    /// Throws `Failure`: there is no such file, or it is not one of 32-bit floats.
    explicit WavReader(const fs::path& path);
    ~WavReader();
    WavReader(const WavReader&) = delete;
    WavReader& operator=(const WavReader&) = delete;

    std::uint32_t channels() const noexcept { return channels_; }
    std::uint32_t rate() const noexcept { return rate_; }
    std::uint64_t frames() const noexcept { return frames_; }

    /// Goes to a frame.
    void seek(std::uint64_t frame);

    /// Reads up to `frames` interleaved frames; returns how many were there.
    std::size_t read(float* interleaved, std::size_t frames);

private:
    void readChunks();
    void claim(std::uint64_t at, std::uint64_t size);
    void readFormat(std::uint32_t size);

    fs::path path_;
    std::FILE* file_;
    std::uint32_t channels_ = 0, rate_ = 0;
    std::uint64_t frames_ = 0, dataAt_ = 0;
};

}  // namespace stylus
