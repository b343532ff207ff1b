#!/bin/sh
# Installs what groups of tests look for and this machine lacks (Debian, Ubuntu): tests/support/install.sh test ardour
# Ends with 0 when all is there, with 3 where nothing can be installed, with 1 when it failed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
table=$here/debian-packages

is_here() {
    case $1 in
        /*) test -e "$1" ;;
        python3:*) python3 -c "import ${1#python3:}" 2> /dev/null ;;
        *.so.*) ! command -v ldconfig > /dev/null || ldconfig -p | grep -q "^[[:space:]]*$1 " ;;
        *) command -v "$1" > /dev/null ;;
    esac
}

lacking() {
    for group in "$@"; do
        while read -r wanted tool package; do
            test "$wanted" != "$group" || is_here "$tool" || echo "$package"
        done < "$table"
    done | sort -u
}

install_debian() { # install_debian PACKAGE...
    sudo=
    test "$(id -u)" = 0 || sudo=sudo
    if ! command -v apt-get > /dev/null || { test -n "$sudo" && ! command -v sudo > /dev/null; }; then
        echo "Not installed, because this machine has no apt-get or no root: $*" >&2
        exit 3
    fi
    $sudo apt-get update -q || { echo "Not installed, because apt-get reaches nothing: $*" >&2; exit 3; }
    $sudo env DEBIAN_FRONTEND=noninteractive \
        apt-get -o DPkg::Lock::Timeout=300 install -q -y --no-install-recommends "$@"
}

install_npm() { # install_npm PACKAGE@VERSION..., into out/npm: all at once, because npm removes what is not named
    command -v npm > /dev/null || return 0
    for one in "$@"; do test -d "out/npm/node_modules/${one%@*}" || break; one=; done
    test -n "$one" || return 0
    mkdir -p out/npm
    npm install --prefix out/npm --no-save --no-audit --no-fund --ignore-scripts "$@"
}

cd "$here/../.."
packages=$(lacking "$@" | tr '\n' ' ')
# shellcheck disable=SC2086
test -z "$packages" || install_debian $packages
lacked=$(lacking "$@" | tr '\n' ' ')
test -z "$lacked" || { echo "Installed, and still not found: $lacked" >&2; exit 1; }
case " $* " in
    *" test "*) install_npm node-osc@9.1.4 typed-bitwig-api@17.0.1 typescript@5.9.3 ;;
esac
