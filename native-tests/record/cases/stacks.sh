# The places in the program where calls are made.

# Records stacks, or skips the test if that is impossible.
record_stacks() {
    record "$@"
    ! grep -E 'perf_event_open|without libdw|the system forbids it' "$said" >"$work/why" || skip "$(cat "$work/why")"
    "$command" events -v "$image" >"$work/stacks"
}
# The names of the functions in the stack below the line, without the libraries' own, and "?" for addresses.
stack_below() {
    awk -v line="$1" '
        /^ > / { if (inside) print; next }
        { inside = $0 ~ line }
    ' "$work/stacks" | sed -n 's|^ > .*/stacks[a-z_]*\.so(\([a-z_]*\)[+)].*|\1|p; s|^ > .*/stacks[a-z_]*(\([a-z_]*\)[+)].*|\1|p
        s|^ > \[0x.*|?|p' | tr '\n' ' '
}
stack_is() {
    found=$(stack_below "$1")
    [ "$found" = "$2 " ] || failed "$(basename "$image" .ring): below $1 is \"$found\", not \"$2 \": $(cat "$said")"
}
stacks_are_right() {
    ends_with 0 -k
    stack_is ' 11 bytes = 11' 'c b a main _start'
    stack_is ' 12 bytes = 12' 'c b a thread_main'
    stack_is ' 13 bytes = 13' 'c b a in_child main _start'
    stack_is ' 14 bytes = 14' 'c b a library_calls in_library main _start'
    stack_is ' getppid: ' '? in_made_code main _start'
    stack_is ' 15 bytes = 15' 'c b a on_signal main _start'
    stack_is ' 16 bytes = 16' 'c b a main _start'
    case $(stack_below ' 17 bytes = 17') in
    'c b a deeper deeper deeper deeper deeper deeper deeper deeper deeper '*) ;;
    *) failed "$(basename "$image" .ring): not in deeper: $(stack_below ' 17 bytes = 17')" ;;
    esac
    # All callers, or a mark that there are more.
    awk '/^ > / { last = $0; next } last != "" && last !~ /\.\.\.$|_start|clone|_dl_/ { print last } { last = "" }' \
        "$work/stacks" >"$work/cut"
    [ ! -s "$work/cut" ] || failed "stacks end without a word at $(sort -u "$work/cut")"
    lost_nothing
}

case_stacks() {
    if [ "$backend" = ptrace ]; then
        record refused -k -- "$programs/stacks"
        ends_with 2 '-k with ptrace'
        says '-k needs the backend bpf'
        [ ! -e "$image" ] || failed 'there is an image'
        record refused --sample 99 -- "$programs/stacks"
        ends_with 2 '--sample with ptrace'
        says '--sample needs the backend bpf'
        return
    fi
    record_stacks pointers -k -- "$programs/stacks" "$programs/stacks_library.so"
    stacks_are_right
    says '^Calls with their stacks: [1-9]'
    record_stacks without -k -- "$programs/stacks_without" "$programs/stacks_library.so"
    stacks_are_right
    "$command" events --format strace "$image" | grep -A2 ', 16 bytes' >"$work/as-strace"
    grep -q '^ > /.*(.*write+0x[0-9a-f]*) \[0x[0-9a-f]*\]$' "$work/as-strace" || failed "$(cat "$work/as-strace")"
    "$command" events --json "$image" | grep ', 16 bytes' | grep -q '"frames":\[{"name":"[^}]*},{"name":"c+0x' ||
        failed 'no frames in JSON'
    record none -- "$programs/stacks" "$programs/stacks_library.so"
    "$command" events -v "$image" >"$work/stacks"
    [ "$(grep -c '^ > ' "$work/stacks")" -eq 0 ] || failed 'there are stacks that nobody asked for'
}

# Without symbols, the file and the offset in it, as in readelf and strace.
case_stacks_stripped() {
    [ "$backend" = bpf ] || skip 'stacks are recorded by BPF alone'
    command -v strip >/dev/null || skip 'there is no strip'
    strip -o "$work/stacks_stripped" "$programs/stacks"
    record_stacks symbols -qk -e write -- "$programs/stacks"
    sed -n 's/.*(main+0x[0-9a-f]*) //p' "$work/stacks" >"$work/main"
    record_stacks stripped -qk -e write -- "$work/stacks_stripped"
    stack_is ' 16 bytes = 16' '    '
    grep -q -F "/stacks_stripped() $(cat "$work/main")" "$work/stacks" || failed "not at $(cat "$work/main"): $(cat "$work/stacks")"
}

# The lines of the program's frames below calls with that many bytes, in the output of strace or ringscope.
program_frames() {
    awk -v line=", $2 bytes\\\\)|, $2\\\\) *= $2" '
        /^ > / { if (inside && / > [^ ]*\/stacks(_library\.so)?\(/) print; next }
        { inside = $0 ~ line }
    ' "$1"
}

case_stacks_as_strace() {
    [ "$backend" = bpf ] || skip 'stacks are recorded by BPF alone'
    if ! strace -k -o "$work/strace" true 2>/dev/null || ! grep -q '^ > ' "$work/strace"; then
        skip 'strace has no -k'
    fi
    for bytes in 11 14 16; do
        strace -k -e trace=write -o "$work/strace" "$programs/stacks" "$programs/stacks_library.so"
        program_frames "$work/strace" $bytes >"$work/expected"
        grep -q '(main+' "$work/expected" || skip "strace does not find main: $(cat "$work/strace")"
        record_stacks ringscope -qk -e write -- "$programs/stacks" "$programs/stacks_library.so"
        "$command" events --format strace "$image" >"$work/as-strace"
        program_frames "$work/as-strace" $bytes >"$work/found"
        diff "$work/expected" "$work/found" || failed "other stacks than strace's for $bytes bytes"
    done
}

# Records until the parent has waited for its child, which may also have ended before.
record_waits() {
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        record_stacks "$@" -- "$programs/stacks" "$programs/stacks_library.so"
        ! grep -q ' SCHED waiting: in wait4, ' "$work/stacks" || return 0
    done
    skip 'the child always ends before its parent waits'
}

# Waits have the stack of the call that they are in; those in calls that are left out have none.
case_stacks_of_waits() {
    [ "$backend" = bpf ] || skip 'waits are recorded by BPF alone'
    record_waits waits -qk --sched
    stack_is ' SCHED waiting: in wait4, ' 'in_child main _start'
    [ -z "$(stack_below ' SCHED running: ')" ] || failed "a running thread has a stack: $(stack_below ' SCHED running: ')"
    record_waits others -qk --sched -e write
    found=$(stack_below ' SCHED waiting: in wait4, ')
    [ -z "$found" ] || failed "a wait in a call without a stack has another call's: $found"
}

# Also for events that are printed as they come.
case_stacks_printed() {
    [ "$backend" = bpf ] || skip 'stacks are recorded by BPF alone'
    record_stacks kept -qk -- "$programs/stacks" "$programs/stacks_library.so"
    "$command" record --backend "$backend" -k -e getppid -o - -- \
        "$programs/stacks" "$programs/stacks_library.so" >"$work/stacks" 2>"$said" </dev/null || status=$?
    ends_with 0 '-k -o -'
    stack_is ' getppid: ' '? in_made_code main _start'
}

# A sample that is taken while its thread ends neither brings the thread back nor takes its name away.
case_samples_of_ends() {
    [ "$backend" = bpf ] || skip 'samples are taken by BPF alone'
    record_stacks samples_of_ends --sample 4999 -- sh -c \
        'for i in 1 2 3 4 5 6 7 8 9 10; do "$0" 2; done' "$programs/spins"
    ends_with 0 --sample
    "$command" export "$image" --to folded >"$work/folded"
    grep -q ';spins, samples;.*;other;outer;inner ' "$work/folded" || failed "no samples: $(cat "$work/folded")"
    ! grep ';thread [0-9]*[,;]' "$work/folded" || failed 'threads without names'
}

# Computing threads are sampled at their place, as often as requested; resting threads are not.
case_samples() {
    [ "$backend" = bpf ] || skip 'samples are taken by BPF alone'
    record_stacks samples --sample 499 -- "$programs/spins" 200
    ends_with 0 --sample
    says '^Samples: [1-9]'
    lost_nothing
    "$command" export "$image" --to folded >"$work/folded"
    of_main=$(sed -n 's/.*, samples;_start;.*;main;outer;inner //p' "$work/folded")
    of_other=$(sed -n 's/.*;spins, samples;.*;other;outer;inner //p' "$work/folded")
    # Of the 200 ms of computing; the clock of a shared machine may miss some.
    for ns in "${of_main:-0}" "${of_other:-0}"; do
        if [ "$ns" -lt 20000000 ] || [ "$ns" -gt 300000000 ]; then
            failed "samples of ${ns} ns, not 200 ms: $(cat "$work/folded")"
        fi
    done
    "$command" tree "$image" --by-thread >"$work/tree"
    grep -q ', samples of [0-9]*$' "$work/tree" || failed "no samples in the tree: $(cat "$work/tree")"
    grep -q ' inner$' "$work/tree" || failed "no functions in the tree: $(cat "$work/tree")"
    "$command" events -v "$image" | grep -A3 'sample: 1 of 499 a second' | grep -q '^ > .*/spins(outer+0x' ||
        failed 'no stacks of samples'
}
