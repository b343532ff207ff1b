// Sessions, files and hosts that mean no good, or have been damaged: nothing crashes, and nothing loud is played.
#include "check.hpp"
#include "rig.hpp"

#include "../../../bridge/plugin/source/capture/recorder.hpp"
#include "../../../bridge/plugin/source/files/failure.hpp"
#include "../../../bridge/plugin/source/files/sha256.hpp"
#include "../../../bridge/plugin/source/instance/instance.hpp"
#include "../../../bridge/plugin/source/link/endpoint.hpp"

#include <chrono>
#include <cmath>
#include <limits>
#include <thread>

using namespace stylus;

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN(), kInf = std::numeric_limits<float>::infinity();

std::string bytes(std::uint64_t value, int count) {
    std::string text;
    for (int shift = 0; shift < count; ++shift) text += static_cast<char>(value >> (8 * shift) & 0xff);
    return text;
}

const std::string kFormat = "fmt " + bytes(16, 4) + bytes(3, 2) + bytes(2, 2) + bytes(48'000, 4) + bytes(384'000, 4) +
                            bytes(8, 2) + bytes(32, 2);

/// How many frames the file claims after all checks; -1 if it is refused.
std::int64_t framesOf(const std::string& content) {
    TemporaryFolder folder;
    writeWhole(folder.path / "x.wav", content);
    try {
        return static_cast<std::int64_t>(WavReader(folder.path / "x.wav").frames());
    } catch (const Failure&) {
        return -1;
    }
}

/// A session with one take whose stem holds `samples` in two channels.
std::string takesWith(const fs::path& stem, const std::vector<float>& samples, const std::string& gainDb) {
    WavWriter writer(stem, 2, 48'000);
    writer.append(samples.data(), samples.size() / 2);
    writer.finish();
    Saved saved;
    saved.add({"job", "P", stem, sha256Of(stem), 0, static_cast<std::int64_t>(samples.size() / 2), 48'000, 2, 0.0});
    std::string text = writePart(saved, "takes");
    const std::string gain = "\"equal_gain_db\": 0";
    return text.replace(text.find(gain), gain.size(), "\"equal_gain_db\": " + gainDb);
}

/// The largest sample that comes out of a second of silence; NaN counts as infinite.
float loudest(Instance& instance) {
    float most = 0.0f;
    for (std::int64_t frame = 0; frame < 48'000; frame += 480) {
        Block block(2, 480);
        Position position;
        position.rolling = true;
        position.frame = frame;
        instance.process(position, block.inputs.data(), block.outputs.data(), 480);
        for (const float sample : block.out[0]) most = std::isnan(sample) ? kInf : std::max(most, std::fabs(sample));
    }
    return most;
}

struct Opened {
    explicit Opened(const std::vector<float>& samples, const std::string& gainDb = "0") : instance(2, home.path) {
        instance.setRate(48'000);
        instance.setParameter(kEqualLoud, 1.0f);
        instance.setState("takes", takesWith(home.path / "stem.wav", samples, gainDb));
        instance.activate();
    }

    TemporaryFolder home;
    Instance instance;
};

}  // namespace

TEST("a gain that a session claims is at most what the plugin would measure") {
    for (const char* gain : {"400", "1e999", "-1e999"}) {
        Opened opened(std::vector<float>(96'000, 0.01f), gain);
        CHECK(loudest(opened.instance) < 0.2f);
    }
}

TEST("a stem that holds no numbers is refused") {
    for (const float poison : {kNan, kInf}) {
        std::vector<float> samples(96'000, 0.01f);
        samples[90'000] = poison;
        Opened opened(samples);
        CHECK(opened.instance.view().shelf.state == StemState::trouble);
        CHECK_EQUAL(loudest(opened.instance), 0.0f);
    }
}

TEST("a parameter out of its range, or not a number, is taken as the nearest that makes sense") {
    Opened opened(std::vector<float>(96'000, 0.01f));
    for (const float value : {kNan, 1e9f, kInf}) {
        opened.instance.setParameter(kDryWet, value);
        CHECK_EQUAL(opened.instance.parameter(kDryWet), 100.0f);
        CHECK(loudest(opened.instance) < 0.02f);
    }
    opened.instance.setParameter(kPreset, -kInf);
    CHECK_EQUAL(opened.instance.parameter(kPreset), 0.0f);
}

TEST("positions at the ends of the numbers pass the audio through") {
    Opened opened(std::vector<float>(9'600, 0.01f));
    for (const std::int64_t frame : {INT64_MAX, INT64_MIN, std::int64_t{1} << 40, INT64_MAX - 10, std::int64_t{-1}}) {
        Block block(2, 480);
        block.fill(1'000);
        Position position;
        position.rolling = true;
        position.frame = frame;
        if (frame == -1) opened.instance.toggleCapture();
        opened.instance.process(position, block.inputs.data(), block.outputs.data(), 480);
        if (frame != -1) CHECK(block.out == block.in);
    }
}

TEST("sizes that a WAV file claims are those that it has") {
    const std::string head = "WAVEds64" + bytes(28, 4) + bytes(0, 8), tail(12, '\0');
    const std::string data = "data" + bytes(0xffffffff, 4) + std::string(80, 'x');
    CHECK_EQUAL(framesOf("RF64" + bytes(0, 4) + head + bytes(~std::uint64_t{0}, 8) + tail + kFormat + data), 10);
    CHECK_EQUAL(framesOf("RIFF" + bytes(0, 4) + "WAVE" + kFormat + "data" + bytes(0xfffffff0, 4) + std::string(80, 'x')), 10);
    CHECK_EQUAL(framesOf("RIFF" + bytes(0, 4) + "WAVE" + kFormat + "data"), -1);
}

TEST("a file that is zeros after its first bytes is given up soon") {
    const std::string zeros(8 * 5'000, '\0'), data = "data" + bytes(8, 4) + bytes(0, 8);
    CHECK_EQUAL(framesOf("RIFF" + bytes(0, 4) + "WAVE" + zeros + kFormat + data), -1);
}

TEST("a track's name of any length is cut to what a packet holds") {
    TemporaryFolder home;
    Instance instance(2, home.path);
    const std::string long_name(1 << 20, 'x');
    instance.setLabel(long_name);
    CHECK_EQUAL(instance.state("label").size(), 100u);
    instance.setState("label", long_name + "y");
    CHECK_EQUAL(instance.state("label").size(), 100u);
}

TEST("a bridge.json that names no folder for jobs is that of no stylus-daw") {
    TemporaryFolder home;
    for (const char* jobs : {"", "here", "../there"}) {
        writeWhole(home.path / "bridge.json", std::string(R"({"protocol": 1, "port": 9, "token": "t", "jobs": ")") + jobs + "\"}");
        CHECK(!readEndpoint(home.path).exists());
    }
}

TEST("a job of another computer's can be cancelled while stylus-daw is away") {
    TemporaryFolder home;
    Instance instance(2, home.path);
    instance.setState("job", "job-of-another-computer");
    instance.cancel();
    for (int turn = 0; turn < 400 && instance.view().companion.job.isOpen(); ++turn)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    CHECK(instance.view().companion.job.phase == Phase::cancelled);
    CHECK_EQUAL(instance.state("job"), "");
}

TEST("a gap is never missed, even if nobody reads the marks") {
    TemporaryFolder folder;
    Feed feed(1);
    Playhead playhead;
    std::vector<Capture> captures;
    Block audio(1, 16);
    const auto block = [&](std::int64_t frame) {
        audio.fill(frame);
        Position position;
        position.rolling = true;
        position.frame = frame;
        feed.write(position, playhead.advance(position, 16), audio.inputs.data(), 16);
    };
    for (std::size_t press = 0; press + 1 < Feed::kMarks; ++press) feed.toggle();  // an odd number: Capture is on
    feed.write({}, playhead.advance({}, 16), audio.inputs.data(), 16);
    block(0);      // its beginning takes the last place for marks
    block(5'000);  // a jump that finds none
    block(5'016);
    Recorder recorder(feed, folder.path, [&](const Capture& one) { captures.push_back(one); });
    recorder.drain();
    feed.write({}, playhead.advance({}, 16), audio.inputs.data(), 16);
    recorder.drain();
    CHECK(captures.empty());
    CHECK(recorder.view().trouble.find("too busy") != std::string::npos);
}

TEST("a stem is not freed while the audio thread takes it up") {
    Mixer mixer(1);
    mixer.prepare(48'000);
    std::atomic<bool> isOver{false};
    std::thread audio([&] {
        Block block(1, 8);
        while (!isOver.load()) {
            mixer.process({true, false, true, 1.0f}, false, 0, block.inputs.data(), block.outputs.data(), 8);
            mixer.process({true, false, true, 1.0f}, true, 0, block.inputs.data(), block.outputs.data(), 8);
        }
    });
    std::vector<std::unique_ptr<Stem>> stems;
    for (int turn = 0; turn < 100'000; ++turn) {
        stems.push_back(std::make_unique<Stem>(Stem::Facts{0, 8, 48'000, 1, 1.0f}));
        mixer.offer(stems.back().get());
        mixer.offer(nullptr);
        stems.erase(std::remove_if(stems.begin(), stems.end(), [&](const auto& stem) { return mixer.letsGoOf(stem.get()); }), stems.end());
    }
    isOver.store(true);
    audio.join();
}
