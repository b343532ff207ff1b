// A transport and audio for tests: every sample tells the frame it belongs to.
#pragma once

#include "../../../bridge/plugin/source/audio/feed.hpp"
#include "../../../bridge/plugin/source/audio/mixer.hpp"
#include "../../../bridge/plugin/source/files/whole_file.hpp"

#include <filesystem>
#include <memory>
#include <vector>

/// Exact in a float for frames below 2^23; the channel is in the sign.
inline float sampleAt(std::int64_t frame, std::uint32_t channel) {
    const auto value = static_cast<float>(frame);
    return channel % 2 == 0 ? value : -value;
}

/// The stem of the tests at the same place.
inline float stemAt(std::int64_t frame, std::uint32_t channel) { return 0.5f * sampleAt(frame, channel) + 0.25f; }

/// Planar buffers for one block.
struct Block {
    Block(std::uint32_t channels, std::uint32_t count) : frames(count), in(channels), out(channels) {
        for (std::uint32_t channel = 0; channel < channels; ++channel) {
            in[channel].resize(count);
            out[channel].assign(count, -777.0f);
            inputs.push_back(in[channel].data());
            outputs.push_back(out[channel].data());
        }
    }

    void fill(std::int64_t frame) {
        for (std::uint32_t channel = 0; channel < in.size(); ++channel)
            for (std::uint32_t index = 0; index < frames; ++index) in[channel][index] = sampleAt(frame + index, channel);
    }

    std::uint32_t frames;
    std::vector<std::vector<float>> in, out;
    std::vector<const float*> inputs;
    std::vector<float*> outputs;
};

/// A whole stem in memory.
inline std::unique_ptr<stylus::Stem> stemOf(const stylus::Stem::Facts& facts, std::int64_t filled = -1) {
    auto stem = std::make_unique<stylus::Stem>(facts);
    for (std::int64_t done = 0; done < (filled < 0 ? facts.length : filled); done += stylus::Stem::kChunk) {
        auto chunk = std::make_unique<float[]>(static_cast<std::size_t>(stylus::Stem::kChunk) * facts.channels);
        for (std::int64_t index = 0; index < stylus::Stem::kChunk; ++index)
            for (std::uint32_t channel = 0; channel < facts.channels; ++channel)
                chunk[static_cast<std::size_t>(index * facts.channels + channel)] = stemAt(facts.start + done + index, channel);
        stem->add(std::move(chunk));
    }
    return stem;
}

/// A folder that is gone after the test.
struct TemporaryFolder {
    TemporaryFolder() : path(std::filesystem::temp_directory_path() / ("stylus-" + stylus::freshId())) {
        std::filesystem::create_directories(path);
    }
    ~TemporaryFolder() { std::filesystem::remove_all(path); }

    std::filesystem::path path;
};
