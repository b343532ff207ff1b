# Everything lives in .venv; `make setup` may be run again at any time.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
EXTRAS := bench,test,check,gui,farm,diffusion,fast
# Their own requirements would bring PortAudio's headers and an older pytest, which nothing here uses.
ALONE := tinysoundfont basic-pitch vita py-ptsl grpcio protobuf dawdreamer
MINUTES ?= 20
SHARDS ?= 26
JOBS ?= 2
TESTS_AT_ONCE ?= 2
NOTE_MINUTES ?= 35

.DEFAULT_GOAL := help
.PHONY: dist bundle test-bundle farm-test test-daw help setup setup-train train train-transcriber train-guided train-drums train-judge demo pictures pages site run test test-ui test-vst3 test-plugin plugin check chaos bench clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(STAMP) ## install everything into .venv, and say what this machine lacks
	@$(BIN)/stylus-daw doctor || true

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; name one: make setup PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import ctypes, sys; sys.platform == "linux" and ctypes.CDLL("libatomic.so.1")' 2>/dev/null \
		|| { echo "The effects need libatomic.so.1, which this system lacks; Debian and Ubuntu: apt-get install libatomic1"; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV) \
		|| { echo "$(PYTHON) cannot make a venv; Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	$(BIN)/pip install -c constraints.txt "$$(grep '^torch==' constraints.txt)"
	$(BIN)/pip install -c constraints.txt -e '.[$(EXTRAS)]'
	@for one in $(ALONE); do $(BIN)/pip install --no-deps "$$(grep "^$$one==" constraints.txt)" \
		|| echo "$$one was not installed; tests that need it are skipped"; done
	@touch $@

setup-train: $(STAMP) ## what training and the benchmark need besides: a soundfont, Vital's synthesis, and DawDreamer for Faust
	$(BIN)/pip install --no-deps "$$(grep '^vita==' constraints.txt)" "$$(grep '^dawdreamer==' constraints.txt)"
	@test -e /usr/share/sounds/sf2/FluidR3_GM.sf2 || echo "No soundfont yet; Debian and Ubuntu: apt-get install fluid-soundfont-gm"

train: setup-train ## a net for row-matched content: data, MINUTES=20 of training, weights into training/weights; a GPU is used where there is one
	$(BIN)/python -m training.dataset --out training/runs/data --shards $(SHARDS) --jobs $(JOBS)
	$(BIN)/python -m training.train --data training/runs/data --run training/runs/mini --minutes $(MINUTES) $(TRAIN)
	$(BIN)/python -m training.export --run training/runs/mini

train-transcriber: setup-train ## the transcriber anew: scenes, NOTE_MINUTES=35 of training, weights into the package, thresholds
	$(BIN)/python -m training.transcriber --jobs $(JOBS) --minutes $(NOTE_MINUTES)

train-guided: setup-train ## the net on top of the guide: triples heard by the transcriber, MINUTES=20 of training, weights into training/weights
	$(BIN)/python -m training.guides --out training/runs/guides --shards $(SHARDS) --jobs $(JOBS)
	$(BIN)/python -m training.guides.train --data training/runs/guides --run training/runs/guided --minutes $(MINUTES) $(TRAIN)
	$(BIN)/python -m training.export --run training/runs/guided --base guide --share 0.4

train-drums: setup-train ## the net that names the drums of a hit: loops, training, weights into the package (Debian: musescore-general-soundfont, opl3-soundfont)
	$(BIN)/python -m training.drums --jobs $(JOBS)

train-judge: setup-train ## the benchmark's recogniser and its judges of drum kits anew (Debian: musescore-general-soundfont, csound-soundfont, opl3-soundfont)
	$(BIN)/python -m training.recogniser
	$(BIN)/python -m training.kits

demo: $(STAMP) ## restyle a bundled region through the real app; stems and a picture in out/demo
	$(BIN)/stylus-daw demo

pictures: demo ## the pictures in README and guide, made anew
	cp out/demo/demo.png docs/demo.png
	$(BIN)/python -m stylus_ui.screenshots.docs_pictures docs/pictures

pages: $(STAMP) ## the knobs' rows in docs/presets.md and docs/osc.md and the presets' JSON Schema, from the table of knobs
	$(BIN)/python -m stylus_daw.engine.knobs.pages docs
	$(BIN)/stylus-daw presets schema > docs/preset.schema.json

site: $(STAMP) ## the documentation as a site, with sound, in out/site/html; a broken link or a warning is an error
	$(BIN)/pip install -q -c constraints.txt -e '.[docs]'
	$(BIN)/python -m website

run: $(STAMP) ## serve your DAW until Ctrl-C
	$(BIN)/stylus-daw

test: $(STAMP) ## the default tests, TESTS_AT_ONCE=2; a test whose tool is missing is skipped and says what to install
	$(BIN)/python -m pytest -n $(TESTS_AT_ONCE) --dist loadfile $$($(BIN)/python -c 'import PySide6.QtWidgets' 2>/dev/null || echo -p no:pytest-qt)

# These three install what their tests need; a skip for want of it is then a failure.
test-vst3: $(STAMP) ## the plugin host against real VST3 plugins, built from source
	tests/support/install.sh vst3
	tests/vst3/build.sh out/vst3
	CI=true $(BIN)/python -m pytest -m vst3 tests/vst3

plugin: ## Stylus Connect, for DAWs without scripts: VST3, CLAP and LV2 into out/plugin; says what is missing
	$(MAKE) -s -C bridge/plugin every

test-plugin: $(STAMP) ## Stylus Connect in real hosts: DawDreamer, a CLAP host, pedalboard, Ardour
	tests/support/install.sh vst3 ardour
	CI=true $(BIN)/python -m pytest -p no:pytest-qt -m "plugin" tests/plugin

test-ui: $(STAMP) ## drive the window with real X events under Xvfb
	tests/support/install.sh x11
	CI=true $(BIN)/python -m pytest -m x11 tests/ui/x11

farm-test: $(STAMP) ## a whole farm on this machine, with the shipped model and over TLS; and a thousand files in a batch, interrupted
	CI=true $(BIN)/python -m pytest -p no:pytest-qt -m "farm or slow or not farm" tests/farm tests/batch

test-daw: $(STAMP) ## drive a real Ardour under Xvfb, and the other DAWs' stand-ins
	PYTHON=$(BIN)/python tests/daws/run.sh

dist: $(STAMP) ## what is published: the sdist, and the wheel that is built from it, into dist/
	$(BIN)/pip install -q -c constraints.txt -e '.[release]'
	rm -rf build dist/stylus_daw-*
	$(BIN)/python -m build --no-isolation

bundle: dist ## a program that needs no Python, for the system that this runs on, into out/bundle
	$(BIN)/python -m release.bundle

test-bundle: bundle ## the standalone bundle as somebody without Python has it
	tests/support/install.sh test x11
	CI=true $(BIN)/python -m pytest -p no:pytest-qt -m bundle tests/release/test_bundle.py

check: $(STAMP) ## ruff and pyright
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright

chaos: $(STAMP) ## attack the real app for a long time: floods, kills, races, mutations; writes bench/reliability/reliability.md
	STYLUS_CHAOS=2000 $(BIN)/python -m pytest -m chaos tests/chaos
	$(BIN)/python -m bench.reliability

bench: setup-train ## quality and speed, as Markdown tables
	$(BIN)/python -m bench.quality
	$(BIN)/python -m bench.speed

clean: ## remove what was made, but not .venv
	rm -rf out build dist *.egg-info .pytest_cache .ruff_cache .hypothesis
	find . -path ./$(VENV) -prune -o -name __pycache__ -type d -exec rm -rf {} +
