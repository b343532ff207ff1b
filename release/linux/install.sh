#!/bin/sh
# Installs stylus-daw for this user alone, without root: the program into ~/.local/opt/stylus-daw, a command into
# ~/.local/bin, and its entry, icon and file type into the desktop. "./install.sh --uninstall" takes all of it out again;
# your presets, stems and settings stay.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
place=$HOME/.local/opt/stylus-daw
command=$HOME/.local/bin/stylus-daw

case ${1:-} in
    "") ;;
    --uninstall)
        [ ! -x "$place/stylus-daw" ] || "$place/stylus-daw" install desktop --uninstall
        [ "$(readlink "$command" || true)" != "$place/stylus-daw" ] || rm -f "$command"
        rm -rf "$place"
        echo "stylus-daw is no longer installed."
        exit 0
        ;;
    *)
        echo "'$1' is not an option; there is only --uninstall." >&2
        exit 2
        ;;
esac

if [ -e "$command" ] && [ "$(readlink "$command" || true)" != "$place/stylus-daw" ]; then
    echo "$command is there already, and is not this bundle's. Remove it and try again." >&2
    exit 1
fi
mkdir -p "$HOME/.local/opt" "$HOME/.local/bin"
rm -rf "$place.new"
cp -R "$here/stylus-daw" "$place.new"
rm -rf "$place"
mv "$place.new" "$place"
ln -sf "$place/stylus-daw" "$command"
"$place/stylus-daw" install desktop
echo "Start it from the desktop's menu, or with: $command"
