#!/bin/sh
# Checks that the command and the library are as hardened as they were built to be: hardening.sh FLAGS COMMAND LIBRARY,
# where FLAGS are the compiler's.
set -eu

flags=$1
shift
failures=0

command -v readelf >/dev/null || {
    echo "SKIPPED: hardening: readelf(1) is missing"
    exit 77
}

# has WHAT REGEX: checks standard input
has() {
    grep -q -E "$2" || {
        echo "FAILED: $file: $1"
        failures=$((failures + 1))
    }
}

for file; do
    readelf -W -l "$file" | has "relocations are not read-only" GNU_RELRO
    readelf -W -d "$file" | has "functions are bound as they are called" 'BIND_NOW|FLAGS_1.* NOW'
    readelf -W -l "$file" | has "the stack is executable" 'GNU_STACK .* RW '
    readelf -W -h "$file" | has "it is not position-independent" 'Type: *DYN'
    case $flags in
    *stack-protector*) readelf -W -s "$file" | has "no stack protector" __stack_chk_fail ;;
    esac
    case $flags in
    *FORTIFY*) readelf -W -s "$file" | has "calls of libc are not checked" '__(mem|str|sn?|vsn?|f|vf)(cpy|move|set|printf|read)_chk' ;;
    esac
    case $flags in
    *cf-protection*) readelf -W -n "$file" | has "no control-flow protection" 'IBT, SHSTK|BTI' ;;
    esac
done
exit $((failures > 0))
