#include "osc.hpp"

#include <cstring>

namespace stylus {

namespace {

void putText(std::string& packet, const std::string& text) {
    packet += text;
    packet.append(4 - text.size() % 4, '\0');
}

void putWord(std::string& packet, std::uint32_t word) {
    for (int shift = 24; shift >= 0; shift -= 8) packet += static_cast<char>(word >> shift & 0xff);
}

bool takeText(const std::string& packet, std::size_t& at, std::string& text) {
    const std::size_t end = packet.find('\0', at);
    if (at >= packet.size() || end == std::string::npos) return false;
    text = packet.substr(at, end - at);
    at = (end / 4 + 1) * 4;
    return at <= packet.size();
}

bool takeWord(const std::string& packet, std::size_t& at, std::uint32_t& word) {
    if (at + 4 > packet.size()) return false;
    word = 0;
    for (int byte = 0; byte < 4; ++byte) word = word << 8 | static_cast<unsigned char>(packet[at++]);
    return true;
}

bool takeArgument(const std::string& packet, std::size_t& at, char type, OscArgument& argument) {
    std::uint32_t word = 0;
    std::string text;
    if (type == 's') {
        if (!takeText(packet, at, text)) return false;
        argument = text;
        return true;
    }
    if ((type != 'i' && type != 'f') || !takeWord(packet, at, word)) return false;
    if (type == 'i') {
        argument = static_cast<std::int32_t>(word);
    } else {
        float value = 0.0f;
        std::memcpy(&value, &word, sizeof value);
        argument = value;
    }
    return true;
}

}  // namespace

bool OscMessage::has(const char* types) const noexcept {
    if (std::strlen(types) != arguments.size()) return false;
    for (std::size_t index = 0; index < arguments.size(); ++index)
        if ("ifs"[arguments[index].index()] != types[index]) return false;
    return true;
}

std::string encodeOsc(const OscMessage& message) {
    std::string packet, types = ",";
    for (const OscArgument& argument : message.arguments) types += "ifs"[argument.index()];
    putText(packet, message.address);
    putText(packet, types);
    for (const OscArgument& argument : message.arguments) {
        if (const auto* text = std::get_if<std::string>(&argument)) {
            putText(packet, *text);
        } else if (const auto* integer = std::get_if<std::int32_t>(&argument)) {
            putWord(packet, static_cast<std::uint32_t>(*integer));
        } else {
            std::uint32_t word = 0;
            std::memcpy(&word, &std::get<float>(argument), sizeof word);
            putWord(packet, word);
        }
    }
    return packet;
}

bool decodeOsc(const std::string& packet, OscMessage& message) {
    std::size_t at = 0;
    std::string types;
    message = {};
    if (packet.size() % 4 != 0 || !takeText(packet, at, message.address) || !takeText(packet, at, types)) return false;
    if (message.address[0] != '/' || types[0] != ',') return false;
    for (std::size_t index = 1; index < types.size(); ++index) {
        OscArgument argument;
        if (!takeArgument(packet, at, types[index], argument)) return false;
        message.arguments.push_back(argument);
    }
    return at == packet.size();
}

}  // namespace stylus
