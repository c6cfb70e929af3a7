#!/bin/sh
# docs/TRUST.md has a figure for every proof of ./dev prove, and names only existing tests; SECURITY.md lists for every
# command what it may touch: trust.sh SOURCE-DIRECTORY.
set -eu

source=$1
page=$source/docs/TRUST.md
status=0
for name in $(sed -n "s/^proofs='\(.*\)'/\1/p" "$source/.ci/dev/prove.sh"); do
    figure=$(sed -n "s/^| $name | \(.*\) | .* |\$/\1/p" "$page")
    case $figure in
    *[0-9]*) echo "$name: $figure" ;;
    *)
        echo "FAILED: no figure for $name: ./dev prove $name writes it"
        status=1
        ;;
    esac
    grep -q "^- \*\*$name\*\*: " "$page" || {
        echo "FAILED: it does not say what $name does"
        status=1
    }
done
for name in $(grep -o '`test_[a-z_]*`' "$page" | tr -d '`' | sort -u); do
    [ "$(find "$source/native-tests" -name "$name.c")" ] || {
        echo "FAILED: there is no $name.c"
        status=1
    }
done
for name in $(sed -n 's/^    X(\([a-z]*\)).*/\1/p' "$source/src/cli/commands.h"); do
    grep -q "^|.*\`$name\`.* |.* |.* |.* |\$" "$source/SECURITY.md" || {
        echo "FAILED: SECURITY.md does not say what $name may touch"
        status=1
    }
done
exit $status
