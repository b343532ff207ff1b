// Which region is captured, and that it is the audio that passed.
#include "check.hpp"
#include "rig.hpp"

#include "../../../bridge/plugin/source/capture/recorder.hpp"

#include <numeric>

using namespace stylus;

namespace {

constexpr std::uint32_t kRate = 8'000;  // half a second of handle is 4,000 frames

/// A host with a transport, and a recorder behind it. The thread is left out: `drain` is called by hand.
struct Studio {
    Studio() : recorder(feed, folder.path, [this](const Capture& one) { captures.push_back(one); }) {
        recorder.setRate(kRate);
    }

    void play(std::int64_t from, std::int64_t to, std::uint32_t size = 64) {
        while (from < to) {
            const auto frames = static_cast<std::uint32_t>(std::min<std::int64_t>(size, to - from));
            block(true, from, frames);
            from += frames;
        }
    }

    void stop() { block(false, 0, 64); }

    void block(bool isRolling, std::int64_t frame, std::uint32_t frames) {
        Block audio(2, frames);
        audio.fill(frame);
        Position position;
        position.rolling = isRolling;
        position.frame = frame;
        position.tempo = 98.5;
        feed.write(position, playhead.advance(position, frames), audio.inputs.data(), frames);
    }

    /// The only capture there is.
    Capture only() {
        recorder.drain();
        CHECK_EQUAL(captures.size(), 1u);
        return captures.empty() ? Capture{} : captures.front();
    }

    TemporaryFolder folder;
    Feed feed{2};
    Playhead playhead;
    std::vector<Capture> captures;
    Recorder recorder;
};

/// The file holds exactly what passed, from the handle's first frame to the last one's.
void checkAudio(const Capture& capture) {
    WavReader reader(capture.file);
    const std::int64_t frames = capture.before + capture.length + capture.after;
    CHECK_EQUAL(static_cast<std::int64_t>(reader.frames()), frames);
    CHECK_EQUAL(reader.rate(), capture.rate);
    std::vector<float> samples(static_cast<std::size_t>(frames) * 2);
    CHECK_EQUAL(reader.read(samples.data(), static_cast<std::size_t>(frames)), static_cast<std::size_t>(frames));
    std::int64_t wrong = 0;
    for (std::int64_t index = 0; index < frames; ++index)
        for (std::uint32_t channel = 0; channel < 2; ++channel)
            wrong += samples[static_cast<std::size_t>(index * 2 + channel)] !=
                     sampleAt(capture.start - capture.before + index, channel);
    CHECK_EQUAL(wrong, 0);
}

}  // namespace

TEST("capture, play, stop: the region is that pass, at every block size") {
    for (const std::uint32_t size : {1u, 64u, 441u, 8'192u}) {
        Studio studio;
        studio.feed.toggle();
        studio.stop();
        studio.play(12'345, 32'345, size);
        studio.stop();
        const Capture capture = studio.only();
        CHECK_EQUAL(capture.start, 12'345);
        CHECK_EQUAL(capture.length, 20'000);
        CHECK_EQUAL(capture.tempo, 98.5);
        checkAudio(capture);
    }
}

TEST("capture while playing: what was heard before is the handle, and what comes after") {
    Studio studio;
    studio.play(0, 10'048);
    studio.feed.toggle();
    studio.play(10'048, 20'032);
    studio.feed.toggle();
    studio.play(20'032, 40'000);
    const Capture capture = studio.only();
    CHECK_EQUAL(capture.start, 10'048);
    CHECK_EQUAL(capture.length, 20'032 - 10'048);
    CHECK_EQUAL(capture.before, 4'000);
    CHECK(capture.after >= 4'000 && capture.after < 4'000 + 4'096);
    checkAudio(capture);
}

TEST("the loop is learnt from the jump back to its beginning, with the pre-roll as its handle") {
    Studio studio;
    studio.feed.toggle();
    studio.play(7'000, 24'000);  // pre-roll of 1,000, then the loop from 8,000 to 24,000
    studio.play(8'000, 12'000);
    const Capture capture = studio.only();
    CHECK_EQUAL(capture.start, 8'000);
    CHECK_EQUAL(capture.length, 16'000);
    CHECK_EQUAL(capture.before, 1'000);
    checkAudio(capture);
}

TEST("capture in the middle of a loop takes its next round, whole") {
    Studio studio;
    studio.play(8'000, 20'000);
    studio.feed.toggle();
    studio.play(20'000, 24'000);
    studio.play(8'000, 24'000);
    studio.play(8'000, 9'000);
    const Capture capture = studio.only();
    CHECK_EQUAL(capture.start, 8'000);
    CHECK_EQUAL(capture.length, 16'000);
    CHECK_EQUAL(capture.before, 0);
    checkAudio(capture);
}

TEST("a jump forwards breaks the pass: the next one is captured instead, and the window says why") {
    Studio studio;
    studio.feed.toggle();
    studio.play(0, 5'000);
    studio.play(9'000, 15'000);
    studio.recorder.drain();
    CHECK(studio.captures.empty());
    studio.stop();
    const Capture capture = studio.only();
    CHECK_EQUAL(capture.start, 9'000);
    CHECK_EQUAL(capture.length, 6'000);
    checkAudio(capture);
}

TEST("frames before zero and frames that are one off by rounding are captured as they are") {
    Studio studio;
    studio.feed.toggle();
    studio.play(-3'000, -2'000, 100);
    std::int64_t frame = -2'000;
    for (int turn = 0; turn < 30; ++turn, frame += 100) {
        Block audio(2, 100);
        audio.fill(frame);
        Position position;
        position.rolling = true;
        position.frame = frame + turn % 3 - 1;
        studio.feed.write(position, studio.playhead.advance(position, 100), audio.inputs.data(), 100);
    }
    studio.stop();
    const Capture capture = studio.only();
    CHECK_EQUAL(capture.start, -3'000);
    CHECK_EQUAL(capture.length, 4'000);
    checkAudio(capture);
}

TEST("pressing Capture again before anything rolls gives it up; nothing is left on the disk") {
    Studio studio;
    studio.feed.toggle();
    studio.stop();
    studio.feed.toggle();
    studio.play(0, 5'000);
    studio.stop();
    studio.recorder.drain();
    CHECK(studio.captures.empty());
    CHECK(std::filesystem::is_empty(studio.folder.path));
}

TEST("a full ring is not gapless: that pass is refused, and the next one is taken") {
    TemporaryFolder folder;
    Feed feed(2);
    Playhead playhead;
    std::vector<Capture> captures;
    const auto play = [&](std::int64_t from, std::int64_t to) {
        for (; from < to; from += 65'536) {
            Block audio(2, 65'536);
            audio.fill(from);
            Position position;
            position.rolling = true;
            position.frame = from;
            feed.write(position, playhead.advance(position, 65'536), audio.inputs.data(), 65'536);
        }
        feed.write({}, playhead.advance({}, 64), nullptr, 0);
    };
    feed.toggle();
    play(0, static_cast<std::int64_t>(Feed::kFrames) + 1);  // nobody reads: a writer thread that hangs
    Recorder recorder(feed, folder.path, [&](const Capture& one) { captures.push_back(one); });
    recorder.drain();
    CHECK(captures.empty());
    CHECK(recorder.view().trouble.find("too busy") != std::string::npos);
    play(131'072, 262'144);
    recorder.drain();
    CHECK_EQUAL(captures.size(), 1u);
    if (captures.size() == 1) {
        CHECK_EQUAL(captures[0].start, 131'072);
        CHECK_EQUAL(captures[0].length, 131'072);
        checkAudio(captures[0]);
    }
}

TEST("another sample rate ends a capture, and says so") {
    Studio studio;
    studio.feed.toggle();
    studio.play(0, 5'000);
    studio.recorder.drain();
    studio.recorder.setRate(44'100);
    studio.play(5'000, 9'000);
    studio.stop();
    studio.recorder.drain();
    CHECK(studio.captures.empty());
    CHECK(!studio.recorder.view().trouble.empty());
}

TEST("a folder that cannot be written is said, and harms nothing") {
    Feed feed(2);
    Playhead playhead;
    Recorder recorder(feed, "/proc/no-such-folder", [](const Capture&) { CHECK(false); });
    feed.toggle();
    Block audio(2, 512);
    Position position;
    position.rolling = true;
    feed.write(position, playhead.advance(position, 512), audio.inputs.data(), 512);
    recorder.drain();
    CHECK(recorder.view().trouble.find("cannot be created") != std::string::npos);
    CHECK(recorder.view().state == RegionRules::State::idle);
}
