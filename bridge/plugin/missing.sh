#!/bin/sh
# Says what is missing to build the plugin, and how to get it: missing.sh DPF UI
lacks=
need() { "$@" >/dev/null 2>&1 || lacks="$lacks $package"; }

package=dpf-source need test -e "$1/Makefile.plugins.mk"
package=build-essential need command -v "${CXX:-g++}"
package=build-essential need command -v make
package=pkg-config need command -v pkg-config
if test "$2" = true && test "$(uname)" = Linux; then
    package=libgl-dev need test -e /usr/include/GL/gl.h
    package=libx11-dev need test -e /usr/include/X11/Xlib.h
    package=libxext-dev need test -e /usr/include/X11/extensions/Xext.h
    package=libxrandr-dev need test -e /usr/include/X11/extensions/Xrandr.h
    package=libxcursor-dev need test -e /usr/include/X11/Xcursor/Xcursor.h
fi
test -z "$lacks" || {
    echo "Stylus Connect cannot be built yet. Debian and Ubuntu: apt-get install$lacks" >&2
    echo "Elsewhere: DPF 1.6 from https://github.com/DISTRHO/DPF, and make DPF=/path/to/it. Without OpenGL: UI=false." >&2
    exit 1
}
