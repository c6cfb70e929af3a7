#!/bin/sh
# Everything that states a version agrees with ringscope.h: version.sh SOURCE-DIRECTORY BUILD-DIRECTORY RINGSCOPE.
set -eu

source=$1
build=$2
command=$3
version=$(sed -n 's/^#define TRACER_VERSION "\(.*\)"$/\1/p' "$source/src/ringscope.h")
failures=0

states() {
    if [ "$2" != "$version" ]; then
        echo "$1 states version \"$2\", ringscope.h \"$version\""
        failures=$((failures + 1))
    fi
}

states CHANGELOG.md "$(sed -n 's/^## \[\([0-9.]*\)\].*/\1/p' "$source/CHANGELOG.md" | head -n 1)"
states 'ringscope --version' "$("$command" --version | sed 's/^ringscope //')"
states ringscope.pc "$(sed -n 's/^Version: //p' "$build/src/ringscope.pc")"
states ringscopeConfigVersion.cmake \
    "$(sed -n 's/^set(PACKAGE_VERSION "\(.*\)")$/\1/p' "$build/src/ringscopeConfigVersion.cmake")"
[ $failures -eq 0 ]
