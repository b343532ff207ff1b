#include "sha256.hpp"

#include "failure.hpp"

#include <algorithm>
#include <cstdio>
#include <cerrno>
#include <cstring>
#include <vector>

namespace stylus {

namespace {

constexpr std::uint32_t kRound[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

constexpr std::uint32_t turned(std::uint32_t value, int by) noexcept { return value >> by | value << (32 - by); }

}  // namespace

Sha256& Sha256::update(const void* bytes, std::size_t count) noexcept {
    const auto* from = static_cast<const unsigned char*>(bytes);
    bytes_ += count;
    while (count > 0) {
        if (resting_ == 0 && count >= 64) {
            block(from);
            from += 64, count -= 64;
            continue;
        }
        const std::size_t taken = std::min(count, 64 - resting_);
        std::memcpy(rest_ + resting_, from, taken);
        resting_ += taken, from += taken, count -= taken;
        if (resting_ == 64) block(rest_), resting_ = 0;
    }
    return *this;
}

std::string Sha256::digest() {
    const std::uint64_t bits = bytes_ * 8;
    const unsigned char padding[64] = {0x80};
    update(padding, 1 + (119 - bytes_ % 64) % 64);
    unsigned char length[8];
    for (int byte = 0; byte < 8; ++byte) length[byte] = static_cast<unsigned char>(bits >> (56 - 8 * byte));
    update(length, 8);
    std::string digits;
    for (const std::uint32_t word : state_) {
        char text[9];
        std::snprintf(text, sizeof text, "%08x", static_cast<unsigned>(word));
        digits += text;
    }
    return digits;
}

void Sha256::block(const unsigned char* bytes) noexcept {
    std::uint32_t w[64];  // the names of FIPS 180-4
    for (int t = 0; t < 16; ++t)
        w[t] = std::uint32_t{bytes[4 * t]} << 24 | bytes[4 * t + 1] << 16 | bytes[4 * t + 2] << 8 | bytes[4 * t + 3];
    for (int t = 16; t < 64; ++t) {
        const std::uint32_t s0 = turned(w[t - 15], 7) ^ turned(w[t - 15], 18) ^ w[t - 15] >> 3;
        const std::uint32_t s1 = turned(w[t - 2], 17) ^ turned(w[t - 2], 19) ^ w[t - 2] >> 10;
        w[t] = w[t - 16] + s0 + w[t - 7] + s1;
    }
    std::uint32_t v[8];
    std::copy(state_, state_ + 8, v);
    for (int t = 0; t < 64; ++t) {
        const std::uint32_t s1 = turned(v[4], 6) ^ turned(v[4], 11) ^ turned(v[4], 25);
        const std::uint32_t t1 = v[7] + s1 + ((v[4] & v[5]) ^ (~v[4] & v[6])) + kRound[t] + w[t];
        const std::uint32_t s0 = turned(v[0], 2) ^ turned(v[0], 13) ^ turned(v[0], 22);
        const std::uint32_t t2 = s0 + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
        for (int place = 7; place > 0; --place) v[place] = v[place - 1];
        v[4] += t1;
        v[0] = t1 + t2;
    }
    for (int place = 0; place < 8; ++place) state_[place] += v[place];
}

std::string sha256Of(const fs::path& path, const std::function<bool()>& isWanted) {
    std::error_code error;
    if (!fs::is_regular_file(path, error)) throw Failure("'" + utf8(path) + "' is not a file.");
    std::FILE* file = openToRead(path);
    if (file == nullptr) throw Failure("'" + utf8(path) + "' cannot be read: " + std::strerror(errno) + ".");
    Sha256 sum;
    std::vector<char> part(std::size_t{1} << 16);
    for (std::size_t count; isWanted() && (count = std::fread(part.data(), 1, part.size(), file)) > 0;) sum.update(part.data(), count);
    std::fclose(file);
    return sum.digest();
}

}  // namespace stylus
