// OSC 1.0, as far as docs/osc.md goes: one message per packet; strings, 32-bit integers and floats.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace stylus {

using OscArgument = std::variant<std::int32_t, float, std::string>;

struct OscMessage {
    std::string address;
    std::vector<OscArgument> arguments;

    /// Whether the arguments have these types, such as "sif".
    bool has(const char* types) const noexcept;
    const std::string& text(std::size_t index) const { return std::get<std::string>(arguments[index]); }
    std::int32_t integer(std::size_t index) const { return std::get<std::int32_t>(arguments[index]); }
    float real(std::size_t index) const { return std::get<float>(arguments[index]); }
};

/// The packet's bytes.
std::string encodeOsc(const OscMessage& message);

/// False if the packet is not such a message.
bool decodeOsc(const std::string& packet, OscMessage& message);

}  // namespace stylus
