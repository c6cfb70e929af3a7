# ./dev test; ./dev prove in prove.sh runs the same tests. A failing build or runner does not hide the others: all run,
# and at the end the skipped tests and why, the failed ones, and the closing lines of every runner are listed.
#
# A test's full name says where it runs: ring (natively), asan/ring, tsan/ring, wasm/json (a C test in Node),
# node/tracer, chromium/browser.

results=build/test-results

# ----------------------------------------------------------------- the lists

# The tests of a native build, one per line: full name, name, required targets.
list_native() {
    prefix=$1/
    if [ "$1" = native ]; then
        prefix=
    fi
    sed "s|^\([^ ]*\) [^ ]* |$prefix\1 \1 |" "$2/tests.txt"
}
list_wasm() {
    grep -v : wasm-tests/c_tests.txt | sed 's|.*|wasm/& & c_test_&|'
}
list_javascript() {
    grep -v '^#' wasm-tests/tests.txt | sed 's|^\([^ ]*\) \([^ ]*\)|\2/\1 \1|'
}

# The builds that the names require in addition to the plain one: a sanitizer's names begin with its own.
list_all() {
    list_native native build/native
    for preset in asan tsan; do
        case " $* " in
        *" $preset/"* | *' fuzz'*) configure_native $preset && list_native $preset build/$preset ;;
        esac
    done
    list_wasm
    list_javascript
}

configure_native() {
    quietly "configuring $1" cmake --preset "$1"
}

list_names() {
    need $packages_build $packages_record
    configure_native release && list_all asan/ tsan/ | sed 's/ .*//'
}

# The lines for a name: those with exactly that name, else all that match it, else the files with a test of that title.
select_by_name() {
    awk -v name="$1" '$1 == name' "$results/all" >"$results/found"
    [ -s "$results/found" ] || awk -v name="$1" '$1 ~ name' "$results/all" >"$results/found"
    [ -s "$results/found" ] || select_by_title "$1" >"$results/found"
    [ -s "$results/found" ] || fail "no test is called $1, or has it in its name or title; ./dev test --list names them"
    cat "$results/found" >>"$results/selected"
}
select_by_title() {
    grep -rlE "^static void [a-z0-9_]*($1)|^ *test\(.*($1)" native-tests wasm-tests --include='test_*.c*' \
        --include='*.test.js' --exclude-dir=node_modules |
        sed -e 's|.*/test_\([^/.]*\)\.cp*$|\1|' -e 's|^wasm-tests/\(.*\)\.test\.js$|\1|' |
        while read -r found; do
            awk -v name="$found" '$2 == name && $1 !~ /^(asan|tsan|wasm)/' "$results/all"
        done
}

# ---------------------------------------------------------------- the runners

begin_tests() {
    rm -rf "$results"
    mkdir -p "$results"
    : >"$results/failed"
    : >"$results/skipped"
    : >"$results/selected"
}

# try WHAT COMMAND…: a step that some tests depend on; if it fails, they count as failed.
try() {
    quietly "$@" || {
        echo "$1 (see $log)" >>"$results/failed"
        return 1
    }
}

# runner NAME COMMAND…: shows its output, and keeps it.
runner() {
    runner_name=$1
    shift
    printf '\n== %s\n' "$runner_name"
    echo "$runner_name" >>"$results/runners"
    runner_log=$results/$(echo "$runner_name" | tr ' +/' '___').log
    { "$@" && echo 0 >"$results/status" || echo $? >"$results/status"; } 2>&1 | tee "$runner_log"
    [ "$(cat "$results/status")" -eq 0 ]
}

# Address space randomization may be too strong for the sanitizers of older compilers; if so, it is turned off where
# permitted.
ctest_apart() {
    if [ "$1" != release ] && setarch "$(uname -m)" -R true 2>/dev/null; then
        setarch "$(uname -m)" -R ctest --preset "$@"
    else
        ctest --preset "$@"
    fi
}

# run_native NAME PRESET FOLDER ARGUMENTS: runs the tests that ctest's arguments select.
run_native() {
    native_name=$1
    native_folder=$3
    native_preset=$2
    shift 3
    runner "$native_name" ctest_apart "$native_preset" "$@" || {
        sed -n '/The following tests FAILED/,$s/^[[:space:]]*[0-9]* - \(.*\)/'"$native_name: "'\1/p' "$runner_log" |
            grep . >>"$results/failed" || echo "$native_name (see $runner_log)" >>"$results/failed"
    }
    sed -n "s/^SKIPPED: /$native_name: /p" "$native_folder/Testing/Temporary/LastTest.log" >>"$results/skipped"
}

# run_node NAME OPTIONS FILES: 20 minutes per file are a guard, not a limit.
run_node() {
    node_name=$1
    tap=$PWD/$results/$1.tap
    shift
    runner "$node_name" node_tests "$@" || {
        sed -n 's/^ *not ok [0-9]* - \(.*\)/'"$node_name: "'\1/p' "$tap" | grep . >>"$results/failed" ||
            echo "$node_name (see $runner_log)" >>"$results/failed"
    }
    grep -v 'does not match pattern' "$tap" | sed -n 's/^ *ok [0-9]* - \(.*\) # SKIP *\(.*\)/'"$node_name: "'\1: \2/p' >>"$results/skipped"
}
node_tests() {
    (cd wasm-tests && node --test --test-reporter=spec --test-reporter-destination=stdout \
        --test-reporter=tap --test-reporter-destination="$tap" "$@")
}

# Lists the skipped and failed tests, and the closing lines of every runner; false if anything failed.
end_tests() {
    if [ -x build/native/tests/probe ]; then
        printf '\n== This machine\n'
        build/native/tests/probe
    fi
    if [ -s "$results/skipped" ]; then
        printf '\n== Skipped on this machine, and why\n'
        sort -u "$results/skipped"
    fi
    if [ -s "$results/failed" ]; then
        printf '\n== Failed\n'
        sort -u "$results/failed"
    fi
    while read -r runner_name; do
        printf '\n== %s\n' "$runner_name"
        closing_lines "$results/$(echo "$runner_name" | tr ' +/' '___')"
    done <"$results/runners"
    [ ! -s "$results/failed" ]
}
closing_lines() {
    if [ -e "$1.tap" ]; then
        grep -E '^# (tests|pass|fail|cancelled|skipped|todo|duration_ms) ' "$1.tap" || tail -n 5 "$1.log"
    else
        grep -E 'tests passed|^Total Test time|^No tests' "$1.log" || tail -n 5 "$1.log"
    fi
}

# --------------------------------------------------------------- requirements

# need_if_possible WHOSE PACKAGE...: if they cannot be installed, the tests of that name are skipped.
need_if_possible() {
    whose=$1
    shift
    missing=$(missing_packages "$@")
    if [ -n "$missing" ] && ! quietly "installing $missing" install_packages "$missing"; then
        echo "dev: could not install $missing: the tests of $whose skip" >&2
    fi
}

# Compilers for other processors take many megabytes.
need_foreign() {
    need_if_possible 'other processors' $packages_foreign
}

# Programs, as source, that are traced and compared with uftrace's counts. Tests skip those that cannot be fetched.
need_uftrace() {
    need_if_possible uftrace $packages_uftrace
    for package in lua5.4 sqlite3; do
        (fetch_source $package) || true
    done
}

# build_native NAME…: builds these native targets of the plain build.
build_native() {
    try "building $*" build_targets release '' "$@"
}

# Provides the requirements of JavaScript tests, by the words of tests.txt: always the package; then targets; npm,
# modules, site, native:TARGET.
need_for_javascript() {
    native=
    wasm='web ringscope_module ringscope-mt_module ringscope-merge_module toy_kernel_module'
    bundle=
    need $packages_wasm && need_node && fetch_source cjson && fetch_source cmocka || return 1
    for word in "$@"; do
        case $word in
        npm) install_npm wasm-tests || return 1 ;;
        modules) install_npm wasm-tests/modules || return 1 ;;
        site)
            install_npm web/inspector || return 1
            wasm="$wasm timeline_module"
            bundle=yes
            ;;
        native:*) native="$native ${word#native:}" ;;
        *) wasm="$wasm $word" ;;
        esac
    done
    if [ -n "$native" ]; then
        build_native $native || return 1
    fi
    case " $wasm " in
    *' all '*) wasm=all ;;
    esac
    try 'building WebAssembly' build_targets wasm '' $wasm || return 1
    [ -z "$bundle" ] || try 'bundling the page' bundle_page
}

# The requirements of all tests in one place.
words_of() {
    list_javascript | awk -v place="^$1/" '$1 ~ place { for (i = 3; i <= NF; i++) print $i }' | sort -u
}
files_of() {
    list_javascript | awk -v place="^$1/" '$1 ~ place { print $2 ".test.js" }'
}

# test_javascript PLACE: runs all of its tests, in node or chromium.
test_javascript() {
    need_for_javascript $(words_of "$1") || {
        echo "$1: none of its tests ran" >>"$results/failed"
        return
    }
    run_node "$1" $(files_of "$1")
}

# test_preset NAME PRESET FOLDER ARGUMENTS: runs all tests of a build.
test_preset() {
    if try "building $2" build_targets "$2" '' tests; then
        run_native "$@"
    fi
}

# --------------------------------------------------------------- the commands

tests() {
    : >"$(mkdir -p build && echo "$log")"
    begin_tests
    case ${1:-} in
    '') test_quick ;;
    --all) test_everything ;;
    --list) list_names && return ;;
    -*) fail "test: unknown option $1; --all, --list, or names" ;;
    *) test_named "$@" ;;
    esac
    end_tests
}

# One native build, every unit and command test, and Node.
test_quick() {
    need $packages_test $packages_wasm
    need_node
    fetch_source cjson
    test_preset native release build/native
    test_javascript node
}

# Everything that continuous integration runs. The plain build comes last of the native ones, so that its output is the
# one people read.
test_everything() {
    need $packages_test $packages_wasm $packages_platforms $packages_formats
    need_foreign
    need_uftrace
    need_node
    need_browser
    fetch_source cjson
    fetch_source cmocka
    test_preset asan asan build/asan
    test_preset tsan tsan build/tsan
    test_preset native release build/native
    test_javascript chromium
    test_javascript node
}

test_named() {
    need $packages_build $packages_record
    configure_native release || fail 'the native build cannot be configured'
    list_all "$@" >"$results/all"
    for name in "$@"; do
        select_by_name "$name"
    done
    sort -u -o "$results/selected" "$results/selected"
    if grep -q functions_uftrace_ "$results/selected"; then
        need_uftrace
    fi
    test_selected asan asan build/asan '^asan/'
    test_selected tsan tsan build/tsan '^tsan/'
    test_selected native release build/native '^[^/]*$'
    test_selected_wasm
    test_selected_javascript chromium
    test_selected_javascript node
}

# Runs the selected tests of one native build.
test_selected() {
    awk -v place="$4" '$1 ~ place' "$results/selected" >"$results/here"
    [ -s "$results/here" ] || return 0
    need $packages_test
    targets=$(awk '{ for (i = 3; i <= NF; i++) print $i }' "$results/here" | sort -u)
    names=$(awk '{ gsub(/[+]/, "[+]", $2); printf "%s%s", separator, $2; separator = "|" }' "$results/here")
    if try "building $(echo $targets | cut -c 1-60)" build_targets "$2" '' $targets; then
        run_native "$1" "$2" "$3" -R "^($names)\$"
    fi
}

test_selected_wasm() {
    names=$(awk '$1 ~ "^wasm/" { printf "%s%s", separator, $2; separator = "|" }' "$results/selected")
    [ -n "$names" ] || return 0
    if need_for_javascript $(awk '$1 ~ "^wasm/" { print $3 }' "$results/selected"); then
        run_node wasm --test-name-pattern="^($names) in WebAssembly" c_tests.test.js
    fi
}

test_selected_javascript() {
    files=$(awk -v place="^$1/" '$1 ~ place { print $2 ".test.js" }' "$results/selected")
    [ -n "$files" ] || return 0
    if [ "$1" = chromium ]; then
        need_browser
    fi
    if need_for_javascript $(awk -v place="^$1/" '$1 ~ place { for (i = 3; i <= NF; i++) print $i }' "$results/selected" | sort -u); then
        run_node "$1" $files
    fi
}
