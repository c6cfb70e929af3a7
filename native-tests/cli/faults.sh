# The nth system call of a kind fails: the command then says so, or does without; it never crashes, and never leaves half a
# file or a wrong one. All n with RINGSCOPE_FAULTS=all, as ./dev prove has it; else the first ones and some of the others.

# attempt KIND ERROR N ARGUMENTS: as KIND, with what it writes in out and err. False if the nth call never came.
attempt() {
    kind=$1 error=$2 n=$3
    shift 3
    cp "$work/old" "$work/here/written"
    status=0
    strace -qq -o "$work/trace" -e trace="$kind" -e inject="$kind:error=$error:when=$n" "$command" "$@" \
        >"$work/out" 2>"$work/err" </dev/null || status=$?
    grep -q INJECTED "$work/trace"
}

# What the command should write, whatever the times and numbers of processes of this run.
content() {
    case $1 in
    export) cat "$work/here/written" ;;
    events) cat "$work/out" ;;
    *) "$command" export "$work/here/written" --to ndjson | sed 's/"\(pid\|tid\)":[0-9]*//g' ;;
    esac | cksum
}

judge() {
    what="$1 with $kind $n failing"
    expect "$what leaves nothing else" written "$(ls -A "$work/here" | tr '\n' ' ' | sed 's/ $//')"
    case $status in
    0) expect "$what" "$(cat "$work/expected.$1")" "$(content "$1")" ;;
    1)
        grep -q '^ringscope ' "$work/err" || failed "$what: without a message"
        cmp -s "$work/old" "$work/here/written" || failed "$what: the older file is gone"
        ;;
    *) failed "$what: exit code $status: $(cat "$work/err")" ;;
    esac
}

# Those before main() are not the command's: some loaders crash for want of memory.
calls_of_loader() {
    [ "$1" != write ] || {
        echo 0
        return
    }
    strace -qq -o "$work/trace" -e trace="$1" "$command" --version >"$work/out"
    wc -l <"$work/trace"
}

# faults COMMAND ARGUMENTS…
faults() {
    cp "$work/old" "$work/here/written"
    "$command" "$@" >"$work/out" 2>/dev/null
    content "$1" >"$work/expected.$1"
    for pair in openat:EMFILE pread64:EIO read:EIO write:ENOSPC mmap:ENOMEM fallocate:ENOSPC linkat:EIO rename:EIO \
        ftruncate:ENOSPC newfstatat:EIO; do
        first=$(($(calls_of_loader "${pair%:*}") + 1)) n=$first
        while attempt "${pair%:*}" "${pair#*:}" $n "$@"; do
            judge "$1"
            injected=$((injected + 1))
            if [ "${RINGSCOPE_FAULTS:-}" = all ] || [ $((n - first)) -lt 3 ]; then
                n=$((n + 1))
            else
                n=$((n + n - first + 1))
            fi
        done
    done
}

case_faults() {
    strace -qq -o "$work/trace" -e trace=write -e inject=write:error=EIO:when=1000 true 2>/dev/null || {
        echo "SKIPPED: the command, $case: strace cannot trace here (Debian: strace)"
        exit 77
    }
    mkdir "$work/here"
    injected=0
    "$command" demo -o "$work/old" --seed 7 >/dev/null
    faults events "$image"
    faults export "$image" --to chrome -o "$work/here/written"
    faults convert "$work/trace.json" -o "$work/here/written"
    faults merge "$image" "$work/trace.json" -o "$work/here/written"
    cat "$work/old" "$image" >"$work/core"
    faults extract "$work/core" -o "$work/here/written"
    echo "$injected faults injected"
}
