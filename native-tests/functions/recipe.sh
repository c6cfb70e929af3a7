#!/bin/sh
# Runs the recipe for functions as a user with an installed ringscope does: recipe.sh BUILD RECIPES WORK-DIRECTORY
set -eu

rm -rf "$3"
mkdir -p "$3"
cmake --install "$1" --prefix "$3/prefix" >"$3/install.log"
for folder in "$3"/prefix/lib/*/pkgconfig "$3"/prefix/lib/pkgconfig; do
    if [ -d "$folder" ]; then
        PKG_CONFIG_PATH=$folder
        LD_LIBRARY_PATH=${folder%/pkgconfig}
        export PKG_CONFIG_PATH LD_LIBRARY_PATH
    fi
done
sh "$(dirname "$0")/../cli/recipes.sh" test=functions "$3/prefix/bin/ringscope" "$2" "$3/work" >"$3/printed" 2>&1 || {
    cat "$3/printed"
    exit 1
}
# Each function with its calls: 1973 calls of fibonacci(), and one of main(), which is excluded the second time.
grep -E '^ .* 1 +0  main  app\.c:[0-9]+$' "$3/printed"
[ "$(grep -cE '^ .* 1 +0  main  app\.c:[0-9]+$' "$3/printed")" = 1 ]
"$3/prefix/bin/ringscope" export --to ndjson "$3/work/functions/app.ring" | grep -c '"fibonacci"' | grep -x 1973
