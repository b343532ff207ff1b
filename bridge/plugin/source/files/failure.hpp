// What went wrong, as a sentence for the producer.
#pragma once

#include <stdexcept>

namespace stylus {

/// Thrown off the audio thread only. `what()` names the value and the next step.
struct Failure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace stylus
