// Lock-free rings between one writing and one reading thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace stylus {

/// The smallest power of two that is not below `least`.
constexpr std::size_t powerOfTwo(std::size_t least) noexcept {
    std::size_t size = 1;
    while (size < least) size *= 2;
    return size;
}

/// Values that one thread hands to another. Neither ever waits; all memory is taken at construction.
template <typename T>
class Ring {
public:
    explicit Ring(std::size_t capacity) : slots_(powerOfTwo(capacity)) {}

    /// False, and nothing is written, if the ring is full.
    bool push(const T& value) noexcept {
        const std::size_t head = head_.load(std::memory_order_relaxed);
        if (head - tail_.load(std::memory_order_acquire) == slots_.size()) return false;
        slots_[head & (slots_.size() - 1)] = value;
        head_.store(head + 1, std::memory_order_release);
        return true;
    }

    /// The oldest value, which stays; null if there is none.
    const T* front() const noexcept {
        const std::size_t tail = tail_.load(std::memory_order_relaxed);
        if (head_.load(std::memory_order_acquire) == tail) return nullptr;
        return &slots_[tail & (slots_.size() - 1)];
    }

    /// Removes what `front` returned.
    void pop() noexcept { tail_.store(tail_.load(std::memory_order_relaxed) + 1, std::memory_order_release); }

private:
    std::vector<T> slots_;
    alignas(64) std::atomic<std::size_t> head_{0};
    alignas(64) std::atomic<std::size_t> tail_{0};
};

/// Audio that one thread hands to another: planar going in, interleaved coming out.
class SampleRing {
public:
    SampleRing(std::uint32_t channels, std::size_t frames)
        : channels_(channels), frames_(powerOfTwo(frames)), samples_(channels * frames_) {}

    /// False, and nothing is written, if `frames` frames do not fit.
    bool write(const float* const* inputs, std::size_t frames) noexcept {
        const std::size_t head = head_.load(std::memory_order_relaxed);
        if (frames > frames_ - (head - tail_.load(std::memory_order_acquire))) return false;
        const std::size_t first = head & (frames_ - 1);
        const std::size_t run = frames < frames_ - first ? frames : frames_ - first;
        for (std::uint32_t channel = 0; channel < channels_; ++channel) {
            float* lane = samples_.data() + channel * frames_;
            std::memcpy(lane + first, inputs[channel], run * sizeof(float));
            std::memcpy(lane, inputs[channel] + run, (frames - run) * sizeof(float));
        }
        head_.store(head + frames, std::memory_order_release);
        return true;
    }

    /// How many frames can be read.
    std::size_t readable() const noexcept {
        return head_.load(std::memory_order_acquire) - tail_.load(std::memory_order_relaxed);
    }

    /// Moves `frames` frames, at most `readable()`, into `interleaved`.
    void read(float* interleaved, std::size_t frames) noexcept {
        const std::size_t tail = tail_.load(std::memory_order_relaxed);
        for (std::uint32_t channel = 0; channel < channels_; ++channel) {
            const float* lane = samples_.data() + channel * frames_;
            for (std::size_t frame = 0; frame < frames; ++frame)
                interleaved[frame * channels_ + channel] = lane[(tail + frame) & (frames_ - 1)];
        }
        tail_.store(tail + frames, std::memory_order_release);
    }

    std::uint32_t channels() const noexcept { return channels_; }

private:
    std::uint32_t channels_;
    std::size_t frames_;
    std::vector<float> samples_;
    alignas(64) std::atomic<std::size_t> head_{0};
    alignas(64) std::atomic<std::size_t> tail_{0};
};

}  // namespace stylus
