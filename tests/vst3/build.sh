#!/bin/sh
# Builds the VST3 plugins that tests/vst3 hosts, into the folder given: tiny ones from Debian's dpf-source, and
# ZaMaximX2 and ZamDelay from the source of Debian's zam-plugins, where it can be had.
#
#   apt-get install -y --no-install-recommends dpf-source build-essential pkg-config
#   tests/vst3/build.sh out/vst3
#
# What is there already is not built again. ZAM_SOURCE names an unpacked zam-plugins; else apt-get fetches it.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "${1:?name the folder to build into}"
out=$(cd "$1" && pwd)
dpf=${DPF_PATH:-/usr/share/dpf}
test -e "$dpf/Makefile.plugins.mk" || { echo "no DPF in $dpf: apt-get install dpf-source" >&2; exit 1; }

build() { # build FOLDER NAME: the folder holds DistrhoPluginInfo.h and a Makefile
    make -C "$1" vst3 NAME="$2" FILES_UI= HAVE_DGL=false HAVE_OPENGL=false UI_TYPE=none \
        DPF_PATH="$dpf" DPF_BUILD_DIR="$out/build/$2" DPF_TARGET_DIR="$out" >"$out/build/$2.log" 2>&1 \
        || { tail -n 20 "$out/build/$2.log" >&2; exit 1; }
    touch "$out/$2.vst3"
    echo "built $out/$2.vst3"
}

tiny() { # tiny NAME CHANNELS PARAMETERS ID [MACRO VALUE]...: one plugin from TinyPlugin.cpp
    name=$1 channels=$2 parameters=$3 id=$4
    shift 4
    test ! -e "$out/$name.vst3" || test "$here/plugins/TinyPlugin.cpp" -nt "$out/$name.vst3" || return 0
    folder=$out/build/$name.source
    mkdir -p "$folder"
    cp "$here/plugins/TinyPlugin.cpp" "$folder"
    printf 'FILES_DSP = TinyPlugin.cpp\ninclude $(DPF_PATH)/Makefile.plugins.mk\n' >"$folder/Makefile"
    {
        echo "#pragma once"
        echo "#define DISTRHO_PLUGIN_BRAND \"Stylus tests\""
        echo "#define DISTRHO_PLUGIN_NAME \"$name\""
        echo "#define DISTRHO_PLUGIN_URI \"urn:stylus:tests:$name\""
        echo "#define DISTRHO_PLUGIN_HAS_UI 0"
        echo "#define DISTRHO_PLUGIN_IS_RT_SAFE 1"
        echo "#define DISTRHO_PLUGIN_NUM_INPUTS $channels"
        echo "#define DISTRHO_PLUGIN_NUM_OUTPUTS $channels"
        echo "#define TINY_PARAMETERS $parameters"
        echo "#define TINY_ID d_cconst('S', 't', 'y', '$id')"
        while test $# -gt 1; do echo "#define $1 $2"; shift 2; done
    } >"$folder/DistrhoPluginInfo.h"
    build "$folder" "$name"
}

zam() { # zam NAME: one plugin of zam-plugins, without its window
    test ! -e "$out/$1.vst3" || return 0
    test -d "$source" || return 0
    folder=$out/build/$1.source
    cp -r "$source/plugins/$1" "$folder"
    sed -i 's/HAS_UI *1/HAS_UI 0/; /^#include.*Artwork/d; /UI_DEFAULT/d' "$folder/DistrhoPluginInfo.h"
    sed -i 's|^include .*Makefile.plugins.mk|include $(DPF_PATH)/Makefile.plugins.mk|' "$folder/Makefile"
    build "$folder" "$1"
}

fetch_zam() { # the source of Debian's zam-plugins; "source" names it afterwards. Without it, its tests are skipped.
    source=${ZAM_SOURCE:-$(ls -d "$out"/build/zam/zam-plugins-*/ 2>/dev/null | head -n 1)}
    test -z "$source" || return 0
    mkdir -p "$out/build/zam/lists/partial"
    # the machine's own sources, asked for source packages; what apt knows stays as it is
    mkdir -p "$out/build/zam/parts"
    list=/etc/apt/sources.list.d/debian.sources
    test ! -e "$list" || sed 's/^Types:.*/Types: deb-src/' "$list" >"$out/build/zam/parts/debian.sources"
    test ! -e /etc/apt/sources.list || sed -n 's/^deb /deb-src /p' /etc/apt/sources.list >"$out/build/zam/parts/old.list"
    set -- -o Dir::Etc::sourcelist=- -o Dir::Etc::sourceparts="$out/build/zam/parts" \
        -o Dir::State::lists="$out/build/zam/lists" -o APT::Sandbox::User=root -q
    (cd "$out/build/zam" && apt-get "$@" update && apt-get "$@" source --download-only --tar-only zam-plugins \
        && tar xf zam-plugins_*.orig.tar.*) >"$out/build/zam.log" 2>&1 || echo "zam-plugins cannot be fetched: see $out/build/zam.log" >&2
    source=$(ls -d "$out"/build/zam/zam-plugins-*/ 2>/dev/null | head -n 1)
}

window() { # window NAME: a plugin of zam-plugins with its window, into ui/. Without GL and X11, its test is skipped.
    test ! -e "$out/ui/$1.vst3" || return 0
    test -d "$source" || return 0
    ui=$out/build/ui
    mkdir -p "$ui/plugins" "$out/ui"
    cp -r "$dpf" "$ui/dpf"
    cp -r "$source/widgets" "$ui"
    cp -r "$source/plugins/$1" "$ui/plugins"
    (make -C "$ui/dpf/dgl" opengl && make -C "$ui/plugins/$1" vst3 DPF_TARGET_DIR="$out/ui") >"$out/build/ui.log" 2>&1 \
        || echo "$1 cannot be built with its window: see $out/build/ui.log" >&2
    rm -rf "$ui"
}

mkdir -p "$out/build"
tiny StylusGain 2 1 g
tiny StylusMono 1 1 m
tiny StylusFour 4 1 4
tiny StylusLate1 2 1 1 DISTRHO_PLUGIN_WANT_LATENCY 1 TINY_LATENCY 1
tiny StylusLate1000 2 1 k DISTRHO_PLUGIN_WANT_LATENCY 1 TINY_LATENCY 1000
tiny StylusLearn 2 2 l DISTRHO_PLUGIN_WANT_STATE 1 DISTRHO_PLUGIN_WANT_FULL_STATE 1
tiny StylusTwins 2 3 t TINY_TWINS 1
tiny StylusCrashLoad 2 1 c TINY_CRASH_LOAD 1
tiny StylusHangLoad 2 1 h TINY_HANG_LOAD 1
tiny StylusCrashRun 2 2 C TINY_CRASH_RUN 1
tiny StylusHangRun 2 2 H TINY_HANG_RUN 1
fetch_zam
zam ZaMaximX2
zam ZamDelay
window ZaMaximX2
