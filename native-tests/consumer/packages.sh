#!/bin/sh
# The .deb and the .tar.gz, unpacked elsewhere: README.md's program is built with each and run: packages.sh
# BUILD-DIRECTORY SOURCE-DIRECTORY WORK-DIRECTORY
set -eu

build=$1
source=$2
work=$3
here=$source/native-tests/consumer

command -v dpkg-shlibdeps >/dev/null || { echo "SKIPPED: no dpkg-shlibdeps here (Debian: dpkg-dev)"; exit 77; }
rm -rf "$work"
mkdir -p "$work/deb" "$work/tar" "$work/start"
(cd "$build" && cpack -B "$work/packages") >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
awk -v test=cmake -v folder="$work/start" -f "$here/blocks.awk" "$source/README.md"

# try PREFIX NAME: builds README.md's program with the .pc file NAME below PREFIX.
try() {
    PKG_CONFIG_PATH=$1/lib/pkgconfig
    export PKG_CONFIG_PATH
    # The flags are a list.
    # shellcheck disable=SC2046
    cc "$work/start/app.c" -o "$work/app" $(pkg-config --cflags --libs "$2")
    "$work/app" | tee "$work/printed"
    grep -q '"detail":"/etc/passwd"' "$work/printed"
    "$1/bin/ringscope" demo -o "$work/demo.ring" >/dev/null
    "$1/bin/ringscope" events "$work/demo.ring" --last 1
}

echo "== .deb"
deb=$(ls "$work"/packages/*.deb)
dpkg -x "$deb" "$work/deb"
dpkg -I "$deb" | sed -n 's/^ \(Package\|Version\|Depends\|Installed-Size\):/\1:/p'
dpkg -I "$deb" | grep -q '^ Depends: .*libc6'
# The command loads this one by name.
if grep -q 'libmicrohttpd\.so' "$work/deb/usr/bin/ringscope"; then
    dpkg -I "$deb" | grep -q '^ Depends: .*libmicrohttpd'
fi
dpkg -I "$deb" triggers | grep ldconfig
# Once installed, its folder is one that the loader searches.
if grep -q rpath "$work/deb/usr/lib/pkgconfig/ringscope.pc"; then
    echo "the .deb's ringscope.pc has an rpath"
    exit 1
fi
LD_LIBRARY_PATH=$work/deb/usr/lib try "$work/deb/usr" ringscope
try "$work/deb/usr" ringscope-static

echo "== .tar.gz"
tar -xzf "$work"/packages/*.tar.gz -C "$work/tar" --strip-components=1
try "$work/tar" ringscope
try "$work/tar" ringscope-static
ls -l "$work"/packages/*.deb "$work"/packages/*.tar.gz
