// SHA-256 (FIPS 180-4): a stem is known by what it contains.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "whole_file.hpp"

namespace stylus {

class Sha256 {
public:
    Sha256& update(const void* bytes, std::size_t count) noexcept;
    /// 64 hexadecimal digits. The object is of no use afterwards.
    std::string digest();

private:
    void block(const unsigned char* bytes) noexcept;

    std::uint32_t state_[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                               0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    unsigned char rest_[64];
    std::size_t resting_ = 0;
    std::uint64_t bytes_ = 0;
};

/// Of a regular file's bytes. Throws `Failure` if it cannot be read. Worth nothing once `isWanted` has said no.
std::string sha256Of(const fs::path& path, const std::function<bool()>& isWanted = [] { return true; });

}  // namespace stylus
