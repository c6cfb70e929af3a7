# ./dev prove: the full-scale versions of tests that ./dev test --all runs on a small scale; run by hand. The count of
# each proof goes into its row of docs/TRUST.md, to be committed.

proofs='records namespaces records_tsan namespaces_tsan kills steps orders faults damage fuzz'

prove() {
    # Unquoted: a list.
    # shellcheck disable=SC2086
    [ $# -gt 0 ] || set -- $proofs
    mkdir -p build
    : >"$log"
    begin_tests
    need $packages_test
    for name in "$@"; do
        case $name in
        records) prove_with $name RINGSCOPE_STRESS_RECORDS=100000000 release build/native threads ;;
        namespaces) prove_with $name RINGSCOPE_STRESS_RECORDS=100000000 release build/native namespaces ;;
        records_tsan) prove_with $name RINGSCOPE_STRESS_RECORDS=25000000 tsan build/tsan threads ;;
        namespaces_tsan) prove_with $name RINGSCOPE_STRESS_RECORDS=100000000 tsan build/tsan namespaces ;;
        kills) prove_with $name RINGSCOPE_KILLS=10000 release build/native kill ;;
        steps) prove_with $name RINGSCOPE_STEPS_STRIDE=1 asan build/asan steps ;;
        orders) prove_with $name RINGSCOPE_ORDERS=all release build/native memory_order ;;
        damage) prove_with $name RINGSCOPE_MUTATIONS=10000 asan build/asan import_damage ;;
        faults) prove_with $name RINGSCOPE_FAULTS=all release build/native 'faults|cli_faults.*' ;;
        fuzz) prove_with $name RINGSCOPE_FUZZ_SECONDS=3600 asan build/asan 'fuzz_.*' ;;
        *) fail "nothing to prove is called $name: $proofs" ;;
        esac
    done
    end_tests
}

# prove_with NAME VARIABLE=SCALE PRESET FOLDER TESTS. A scale set in the environment has priority; there is no time
# limit.
prove_with() {
    variable=${2%%=*}
    scale=$(printenv "$variable" || echo "${2#*=}")
    guard=-DRINGSCOPE_TEST_GUARD_SECONDS=10000000
    # Unquoted: a list.
    # shellcheck disable=SC2046
    if try "configuring $3" cmake --preset "$3" $guard &&
        try "building $5" build_targets "$3" $guard $(targets_of "$5" "$4"); then
        failed_before=$(wc -l <"$results/failed")
        # In a subshell, so that the next proof has a scale of its own.
        (export "$variable=$scale" && run_native "$5 with $variable=$scale" "$3" "$4" -R "^($5)\$")
        if [ "$(wc -l <"$results/failed")" -eq "$failed_before" ]; then
            write_figure "$1" "$(figure_of "$1" "$4/Testing/Temporary/LastTest.log" "$scale")"
        fi
    fi
}

# targets_of TESTS FOLDER: the targets that these tests need.
targets_of() {
    awk -v tests="^($1)\$" '$1 ~ tests { for (i = 3; i <= NF; i++) print $i }' "$2/tests.txt" | sort -u
}

# figure_of NAME LOG SCALE: the tests' results, in words.
figure_of() {
    case ${1%_tsan} in
    records) awk '/ snapshots \(/ { recorded += $1; views += $3; for (i = 4; i < NF; i++) if ($i == "of") read += $(i + 1) }
        END { printf "%d records in 4 scenes, %d snapshots with %d records read: 0 torn, 0 doubled, 0 uncounted", recorded, views, read }' "$2" ;;
    namespaces) awk '/ snapshots of / { views = $1; read = $4 } / events of . namespaces/ { recorded = $1; number = $4 }
        END { printf "%d records of %d namespaces, %d snapshots with %d records read: 0 torn, 0 doubled, 0 uncounted", recorded, number, views, read }' "$2" ;;
    kills) awk '/^[0-9]+ kills$/ { kills += $1 }
        END { printf "%d kills: each left a sound image, and nothing that the next open did not remove", kills }' "$2" ;;
    steps) echo "$(awk '/ interrupted at / { steps += $(NF - 1) } END { print steps + 0 }' "$2") places to be interrupted at: each instruction of eleven scenes, compiled with AddressSanitizer" ;;
    orders) awk '/executions,/ { for (i = 2; i <= NF; i++) if ($i ~ /^executions/) runs += $(i - 1) }
        END { printf "%d executions, all that C11 allows of four records in two slots: 0 torn", runs }' "$2" ;;
    faults) awk '/ faults so far/ { library = $1 } / faults injected/ { command += $1 }
        END { printf "%d faults in the library, %d in the command: 0 crashes, leaks, wrong results", library, command }' "$2" ;;
    damage) awk '/ cuts of / { cuts = $1 } / mutations of .*before/ { mutations = $1; files = $4; before = $6 }
        END { printf "%d random mutations of %d files twice, and %d cuts: 0 crashes; all %d events before the damage shown", mutations, files, cuts, before }' "$2" ;;
    fuzz) awk '/stat::number_of_executed_units/ { inputs += $2; targets++ }
        END { printf "%d inputs to %d targets, %d s each: no finding", inputs, targets, seconds }' seconds="$3" "$2" ;;
    esac
}

# write_figure NAME FIGURE: writes it into its row, with the day and the version it applies to.
write_figure() {
    awk -v name="$1" -v figure="$2" -v when="$(date -u +%Y-%m-%d), $(git describe --always 2>/dev/null || echo unknown)" \
        'index($0, "| " name " |") == 1 { print "| " name " | " figure " | " when " |"; next } { print }' docs/TRUST.md >build/TRUST.md
    cp build/TRUST.md docs/TRUST.md
    echo "docs/TRUST.md: $1: $2"
}
