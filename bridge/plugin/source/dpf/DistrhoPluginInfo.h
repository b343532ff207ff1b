// What DPF must know at compile time. The Makefile defines CONNECT_CHANNELS and CONNECT_HAS_UI.
#pragma once

#ifndef CONNECT_CHANNELS
#define CONNECT_CHANNELS 2
#endif
#ifndef CONNECT_HAS_UI
#define CONNECT_HAS_UI 0
#endif

#define DISTRHO_PLUGIN_BRAND "stylus-daw"
#if CONNECT_CHANNELS == 1
#define DISTRHO_PLUGIN_NAME "Stylus Connect (mono)"
#define DISTRHO_PLUGIN_URI "urn:stylus-daw:connect:mono"
#define DISTRHO_PLUGIN_CLAP_ID "stylus-daw.connect.mono"
#define DISTRHO_PLUGIN_CLAP_FEATURES "audio-effect", "utility", "mono"
#define DISTRHO_PLUGIN_VST3_CATEGORIES "Fx|Tools|Mono"
#elif CONNECT_CHANNELS == 2
#define DISTRHO_PLUGIN_NAME "Stylus Connect"
#define DISTRHO_PLUGIN_URI "urn:stylus-daw:connect"
#define DISTRHO_PLUGIN_CLAP_ID "stylus-daw.connect"
#define DISTRHO_PLUGIN_CLAP_FEATURES "audio-effect", "utility", "stereo"
#define DISTRHO_PLUGIN_VST3_CATEGORIES "Fx|Tools|Stereo"
#else
#define DISTRHO_PLUGIN_NAME "Stylus Connect (5.1)"
#define DISTRHO_PLUGIN_URI "urn:stylus-daw:connect:surround"
#define DISTRHO_PLUGIN_CLAP_ID "stylus-daw.connect.surround"
#define DISTRHO_PLUGIN_CLAP_FEATURES "audio-effect", "utility", "surround"
#define DISTRHO_PLUGIN_VST3_CATEGORIES "Fx|Tools|Surround"
#endif

#define DISTRHO_PLUGIN_NUM_INPUTS CONNECT_CHANNELS
#define DISTRHO_PLUGIN_NUM_OUTPUTS CONNECT_CHANNELS
#define DISTRHO_PLUGIN_IS_RT_SAFE 1
#define DISTRHO_PLUGIN_WANT_TIMEPOS 1
#define DISTRHO_PLUGIN_WANT_STATE 1
#define DISTRHO_PLUGIN_WANT_FULL_STATE 1
#define DISTRHO_PLUGIN_LV2_CATEGORY "lv2:UtilityPlugin"

#define DISTRHO_PLUGIN_HAS_UI CONNECT_HAS_UI
#define DISTRHO_PLUGIN_WANT_DIRECT_ACCESS CONNECT_HAS_UI
#define DISTRHO_UI_USE_NANOVG 1
#define DISTRHO_UI_DEFAULT_WIDTH 560
#define DISTRHO_UI_DEFAULT_HEIGHT 300
#define DISTRHO_UI_FILE_BROWSER CONNECT_HAS_UI
