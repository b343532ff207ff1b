#!/bin/sh
# DPF 1.6 gives CLAP plugins the host's steady time, a clock that never goes back, in place of the song's position.
# A stem could not be placed by that. This puts the song's position there; it fails if DPF has changed.
set -eu
file=$1/distrho/src/DistrhoPluginCLAP.cpp
old='fTimePosition.frame = process->steady_time >= 0 ? process->steady_time : 0;'
new='fTimePosition.frame = static_cast<uint64_t>(std::llround(static_cast<double>(transport->song_pos_seconds) \
                * fPlugin.getSampleRate() / static_cast<double>(CLAP_SECTIME_FACTOR)));'
if grep -qF "$old" "$file"; then
    sed -i.old "s|fTimePosition.frame = process->steady_time .*|$new|" "$file"
elif ! grep -q 'song_pos_seconds' "$file"; then
    echo "$file is of another DPF than 1.6: look whether its CLAP plugins get the song's position, then change patch_dpf.sh" >&2
    exit 1
fi
