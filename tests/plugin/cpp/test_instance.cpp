// An instance without stylus-daw: what it says, and what it leaves alone.
#include "check.hpp"
#include "rig.hpp"

#include "../../../bridge/plugin/source/files/sha256.hpp"
#include "../../../bridge/plugin/source/files/wav.hpp"
#include "../../../bridge/plugin/source/instance/instance.hpp"

#include <chrono>
#include <functional>
#include <thread>

using namespace stylus;

namespace {

bool eventually(const std::function<bool()>& isSo) {
    for (int turn = 0; turn < 1'000; ++turn) {
        if (isSo()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
}

bool says(const Instance& instance, const std::string& text) {
    return eventually([&] { return instance.view().message.find(text) != std::string::npos; });
}

/// A stem as stylus-daw leaves it, and the state of a session that plays it.
struct Session {
    Session() : stem(folder.path / "stem.wav") {
        std::vector<float> samples;
        for (std::int64_t frame = 0; frame < kLength; ++frame)
            for (std::uint32_t channel = 0; channel < 2; ++channel) samples.push_back(stemAt(kStart + frame, channel));
        WavWriter writer(stem, 2, 48'000);
        writer.append(samples.data(), static_cast<std::size_t>(kLength));
        writer.finish();
        Saved saved;
        saved.add({"job", "Warm", stem, sha256Of(stem), kStart, kLength, 48'000, 2, 0.0});
        takes = writePart(saved, "takes");
    }

    static constexpr std::int64_t kStart = 1'000, kLength = 100'000;
    TemporaryFolder folder;
    fs::path stem;
    std::string takes;
};

/// Frames that are neither the stem's, where it belongs, nor the original's.
std::int64_t wrongFrames(Instance& instance, bool hasStem) {
    std::int64_t wrong = 0;
    for (std::int64_t frame = 0; frame < 120'000; frame += 500) {
        Block block(2, 500);
        block.fill(frame);
        Position position;
        position.rolling = true;
        position.frame = frame;
        instance.process(position, block.inputs.data(), block.outputs.data(), 500);
        for (std::uint32_t index = 0; index < 500; ++index) {
            const std::int64_t at = frame + index;
            const bool isStem = hasStem && at >= Session::kStart && at < Session::kStart + Session::kLength;
            wrong += block.out[1][index] != (isStem ? stemAt(at, 1) : sampleAt(at, 1));
        }
    }
    instance.process({}, Block(2, 64).inputs.data(), Block(2, 64).outputs.data(), 0);
    return wrong;
}

}  // namespace

TEST("without stylus-daw the window says so, and the audio passes") {
    TemporaryFolder home;
    Instance instance(2, home.path);
    instance.setRate(48'000);
    instance.activate();
    CHECK(says(instance, "stylus-daw is not running. Start it"));
    CHECK_EQUAL(wrongFrames(instance, false), 0);
    instance.render();
    CHECK(says(instance, "Nothing is captured yet"));
}

TEST("a session that is opened plays its stem at once, without stylus-daw") {
    Session session;
    TemporaryFolder home;
    Instance instance(2, home.path);
    instance.setRate(48'000);
    instance.setState("takes", session.takes);
    instance.activate();
    CHECK_EQUAL(wrongFrames(instance, true), 0);
    CHECK_EQUAL(instance.view().misses, 0u);
}

TEST("two instances play one stem; a copied instance gets an id of its own") {
    Session session;
    TemporaryFolder home;
    Instance first(2, home.path), second(2, home.path);
    const std::string id = first.state("instance");
    second.setState("instance", id);
    CHECK(second.state("instance") != id);
    for (Instance* instance : {&first, &second}) {
        instance->setState("takes", session.takes);
        instance->activate();
        CHECK_EQUAL(wrongFrames(*instance, true), 0);
    }
}

TEST("a stem that is missing is said and never guessed; located again, it plays") {
    Session session;
    TemporaryFolder home;
    fs::rename(session.stem, session.folder.path / "moved.wav");
    Instance instance(2, home.path);
    instance.setRate(48'000);
    instance.setState("takes", session.takes);
    instance.activate();
    CHECK(says(instance, "stem.wav' is missing"));
    CHECK_EQUAL(wrongFrames(instance, false), 0);
    writeWhole(session.folder.path / "other.wav", "not the stem");
    instance.locate(session.folder.path / "other.wav");
    CHECK(says(instance, "another file than the stem"));
    instance.locate(session.folder.path / "moved.wav");
    CHECK(eventually([&] { return instance.view().shelf.state == StemState::ready; }));
    CHECK_EQUAL(wrongFrames(instance, true), 0);
}

TEST("a stem that was changed is not played") {
    Session session;
    TemporaryFolder home;
    std::string bytes = readText(session.stem);
    bytes[70'000] ^= 1;
    writeWhole(session.stem, bytes);
    Instance instance(2, home.path);
    instance.setRate(48'000);
    instance.setState("takes", session.takes);
    instance.activate();
    CHECK(says(instance, "has been changed since it was rendered"));
    CHECK_EQUAL(wrongFrames(instance, false), 0);
}

TEST("a stem of another sample rate is said, and plays again when the rate is back") {
    Session session;
    TemporaryFolder home;
    Instance instance(2, home.path);
    instance.setRate(44'100);
    instance.setState("takes", session.takes);
    instance.activate();
    CHECK(says(instance, "The stem has 48000 Hz, the session 44100 Hz"));
    CHECK_EQUAL(wrongFrames(instance, false), 0);
    instance.setRate(48'000);
    instance.activate();
    CHECK_EQUAL(wrongFrames(instance, true), 0);
}

TEST("collect copies the stem beside the session and plays it from there") {
    Session session;
    TemporaryFolder home, project;
    Instance instance(2, home.path);
    instance.setRate(48'000);
    instance.setState("takes", session.takes);
    instance.collect(project.path / "my stem.wav");
    fs::remove(session.stem);
    CHECK(eventually([&] { return instance.view().shelf.state == StemState::ready; }));
    CHECK(instance.state("takes").find("my stem.wav") != std::string::npos);
    instance.activate();
    CHECK_EQUAL(wrongFrames(instance, true), 0);
}

TEST("what a session restores before audio runs is not a press of Capture or Render") {
    TemporaryFolder home;
    Instance instance(2, home.path);
    instance.setParameter(kCapture, 1.0f);
    instance.setParameter(kRender, 1.0f);
    CHECK_EQUAL(wrongFrames(instance, false), 0);
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    CHECK(instance.view().recording.state == RegionRules::State::idle);
    CHECK(instance.view().message.find("captured") == std::string::npos);
}
