#!/bin/sh
# The shared library's ABI is the one saved for its soname, apart from additions: abi.sh LIBRARY HEADER-DIRECTORY
# SAVED-DIRECTORY WORK-DIRECTORY. With SAVE=1 it is saved (./dev abi, when a minor version is released). Exits with 77
# where it cannot be checked.
set -eu

library=$1
headers=$2
saved_directory=$3
work=$4

skip() {
    echo "SKIPPED: $*"
    exit 77
}

for program in abidw abidiff; do
    command -v $program >/dev/null || skip "no $program here (Debian: abigail-tools)"
done
rm -rf "$work"
mkdir -p "$work"
soname=$(readelf -d "$library" | sed -n 's/.*soname: \[\(.*\)\]/\1/p')
saved=$saved_directory/$soname.$(uname -m).abi
# Members of structs that the header does not define are not part of the ABI.
abidw --headers-dir "$headers" --drop-private-types --no-comp-dir-path --no-corpus-path --no-show-locs \
    --out-file "$work/now.abi" "$library"

# differs BEFORE AFTER: abidiff also exits with success for a text that it cannot read.
differs() {
    status=0
    abidiff --no-added-syms --no-show-locs "$1" "$2" >"$work/differences.txt" 2>"$work/errors.txt" || status=$?
    if [ -s "$work/errors.txt" ]; then
        cat "$work/errors.txt"
        exit 1
    fi
    [ $status -ne 0 ]
}

# A removed function and a grown struct must be detected, or the check is worthless.
sed -e "/<elf-symbol name='tracer_version'/d" -e "/<function-decl name='tracer_version'/,/<\/function-decl>/d" \
    "$work/now.abi" >"$work/less.abi"
sed "/<class-decl name='trace_span'/s/size-in-bits='[0-9]*'/size-in-bits='4096'/" "$work/now.abi" >"$work/larger.abi"
for other in less larger; do
    if cmp -s "$work/now.abi" "$work/$other.abi" || ! differs "$work/now.abi" "$work/$other.abi"; then
        echo "abidiff does not see that the ABI is $other"
        exit 1
    fi
done

if [ "${SAVE:-}" = 1 ]; then
    mkdir -p "$saved_directory"
    cp "$work/now.abi" "$saved"
    echo "saved as $saved"
    exit
fi
[ -e "$saved" ] || skip "no ABI is saved for $soname: it has not been released"
if differs "$saved" "$work/now.abi"; then
    cat "$work/differences.txt"
    echo "the ABI differs from the released one: it takes another minor version, and with it another soname"
    exit 1
fi
echo "$soname: as it was released"
