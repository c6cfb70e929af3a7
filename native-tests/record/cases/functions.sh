# The program's functions, along with its calls.

# Records functions, or skips the test if that is impossible.
record_functions() {
    record "$@"
    ! grep -E 'needs Linux 6|without libdw|the system forbids it' "$said" >"$work/why" || skip "$(cat "$work/why")"
}
only_with_bpf() {
    [ "$backend" = bpf ] || skip 'functions are followed by BPF alone'
}
lines_of() {
    sed -n 's/.* CUSTOM \([^ ]*\):.*/\1/p' "$work/events" | sort | uniq -c | awk '{ print $1, $2 }' | sort
}
# The numbers only add up if nothing was lost.
counts_as() {
    sort "$1" >"$work/counted"
    lines_of >"$work/recorded"
    diff "$work/counted" "$work/recorded" >&2 || failed "$(basename "$image" .ring): other counts than the program's"
}

case_functions() {
    only_with_bpf
    record_functions functions --functions 't_*' -- "$programs/functions"
    ends_with 3 --functions
    "$programs/functions_counting" >"$work/of-program" || true
    counts_as "$work/of-program"
    lost_nothing
    says '^Calls of functions: '
    says '^Functions that the kernel cannot probe, not recorded: 4, as t_'
    says '^Of these, did not return: 6$'
    says '^Of these, only the beginning is known, being too deep: 41$'
    says '^Of these, only the beginning is known, not being on the thread.s own stack: 5$'
    has_not 'syscall_33'
    count 3 'CUSTOM t_jumps: did not return'
    count 3 'CUSTOM t_outer: $'
    count 1 'CUSTOM t_exits: did not return'
    count 1 'CUSTOM t_ends_thread: did not return'
    count 1 'CUSTOM t_ends: did not return'
    count 1 'CUSTOM t_tail: $'
    count 2 'CUSTOM t_thread: $'
    count 2 'CUSTOM t_resume: $'
    "$command" export "$image" --to folded >"$work/folded"
    grep -q ';t_outer;getppid ' "$work/folded" || failed "calls are not within functions: $(cat "$work/folded")"
    grep -q ';t_outer;t_jumps;t_leaf ' "$work/folded" || failed 'functions are not within functions'
    # Without the file, neither its name nor where the function begins would be known.
    "$command" events "$image" --json | grep -q '"name":"t_recursive"' || failed 'no names'
}

case_functions_of_files() {
    only_with_bpf
    record_functions patterns -q -e getppid --functions '*leaf, t_o*,!x*' -- "$programs/functions"
    "$programs/functions_counting" >"$work/of-program" || true
    count "$(sed -n 's/ t_leaf$//p' "$work/of-program")" 'CUSTOM t_leaf: '
    count 3 'CUSTOM t_outer: '
    count 3 'SYSCALL|PROCESS getppid: '
    has_not 'CUSTOM t_(re|ju)'
    library=$(ldd "$programs/functions" | awk '/libc\.so/ { print $3 }')
    [ -n "$library" ] || skip 'the program has no shared C library'
    record_functions library -q --functions getppid --functions-of "$library" -- "$programs/functions"
    count 3 'CUSTOM getppid: $'
    record_functions nobody --functions 'no_such*' -- "$programs/functions"
    ends_with 1 'functions that are not there'
    says 'no function of .* is no_such\*; --functions-of names another file'
}

# Functions that would not survive it are left alone, and reported.
case_functions_without_ends() {
    only_with_bpf
    record_functions unwinding --functions 't_*' -- "$programs/unwinding"
    ends_with 2 'a program that throws'
    says 'unwinding can unwind its stack'
    says 'being in other programs: 3$'
    count 3 'CUSTOM t_throws: its end is not followed'
    ! command -v objcopy >/dev/null && skip 'there is no objcopy'
    objcopy --add-section .gopclntab=/dev/null "$programs/functions" "$work/go"
    record_functions go --functions 't_leaf' -- "$work/go"
    ends_with 3 'a program of Go'
    says 'go is a Go program, which moves its stacks'
    has_not 'CUSTOM t_leaf: $'
    record_functions other --functions 't_leaf' --functions-of "$programs/functions" -- "$programs/unwinding"
    has_not 'CUSTOM'
}

some_functions() {
    "$command" events "$image" --name t_leaf --last 1 | grep -q 'CUSTOM t_leaf: $'
}

case_functions_attach() {
    only_with_bpf
    "$programs/functions" "$work/begun" &
    loop=$!
    trap 'kill -KILL $loop 2>/dev/null || true' EXIT
    eventually test -e "$work/begun"
    record_functions attached_first -q --functions t_leaf --for 0.1 -p $loop
    image=$work/functions.ring
    "$command" record -q -n 1000 -o "$image" --functions t_leaf -p $loop &
    recorder=$!
    eventually some_functions
    kill -INT $recorder
    wait $recorder || failed "-p: exit code $?"
    kill -0 $loop || failed 'the process did not survive'
}

case_functions_wrongly() {
    record ptrace -q --backend ptrace --functions x -- true
    ends_with 2 'with ptrace'
    says 'needs the backend bpf'
    record none -q --functions , -- true
    ends_with 2 'no pattern'
    record alone -q --functions-of /bin/true -- true
    ends_with 2 'no functions'
    record all -q --functions x --all
    ends_with 2 'of no file'
}
