#!/bin/sh
# One case of the tests of the command: run.sh CASE RINGSCOPE WRITER PROBE WORK-DIRECTORY, where CASE is a function in
# the files beside this one, without "case_", or a line of cases.sh. With UPDATE=1 the golden files are rewritten; read
# the difference before committing it.
set -eu

case=$1
command=$2
writer=$3
probe=$4
work=$5
here=$(cd "$(dirname "$0")" && pwd)
image=$work/demo.ring
put=$(dirname "$command")/ringscope-put
put_server=$(dirname "$writer")/put_server
. "$here/../support/checks.sh"

# Replaces everything that differs from run to run and from place to place.
normalize() {
    sed -e 's/"parent":[0-9][0-9]*/"parent":PID/g' -e "s|$work|WORK|g" -e "s|$command|ringscope|g" -e 's/\(pid \|"pid":\|process \)[0-9][0-9]*\(,\| (\| is\)/\1PID\2/' \
        -e 's/[0-9]\{4\}-[0-9-]*T[0-9:]*Z/DATE/' -e 's/"created_realtime_ns":[0-9]*/"created_realtime_ns":N/' \
        -e 's/^ringscope [0-9][0-9.]*$/ringscope VERSION/' -e 's/"\(pid\|tid\)":[0-9][0-9]*/"\1":ID/g' \
        -e 's/ringscope [0-9][0-9.]*"/ringscope VERSION"/' -e 's| [0-9][0-9]*/[0-9][0-9]*)| PID/TID)|'
}

run() {
    name=$1
    shift
    status=0
    "$command" "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
    {
        echo "$ ringscope $*"
        cat "$work/out"
        sed 's/^/stderr: /' "$work/err"
        echo "exit code $status"
    } | normalize >"$work/$name.txt"
    if [ "${UPDATE:-}" = 1 ]; then
        cp "$work/$name.txt" "$here/golden/$name.txt"
    elif ! diff -u "$here/golden/$name.txt" "$work/$name.txt"; then
        failed "$name"
    fi
}

expect() {
    if [ "$2" != "$3" ]; then
        failed "$1: expected \"$2\", got \"$3\""
    fi
}

# has_lines NUMBER PATTERN FILE
has_lines() {
    [ "$(grep -c "$2" "$3")" = "$1" ]
}

# needs PROBE
needs() {
    why=$("$probe" "$@") || {
        echo "SKIPPED: the command, $case: $why"
        exit 77
    }
}

# A signal to the command ends or asks something. As seen with strace, ThreadSanitizer may take one that comes between two
# calls, and never pass it on.
needs_signals() {
    if grep -q __tsan_init "$command"; then
        echo "SKIPPED: the command, $case: ThreadSanitizer may lose a signal"
        exit 77
    fi
}

rm -rf "$work"
mkdir -p "$work"
"$command" demo -o "$image" >/dev/null
echo 'this is no image' >"$work/text.ring"
cat >"$work/trace.json" <<'END'
{"traceEvents":[{"ph":"M","pid":7,"tid":8,"name":"thread_name","args":{"name":"worker"}},
{"ph":"X","pid":7,"tid":8,"ts":1000,"dur":500.25,"name":"first","cat":"file","args":{"detail":"a","failed":true}},
{"ph":"X","pid":7,"tid":8,"ts":1100,"dur":100,"name":"inside","cat":"file"},
{"ph":"X","pid":7,"tid":8,"ts":1300,"dur":10,"name":"inside","cat":"ipc"},
{"ph":"i","pid":7,"tid":8,"ts":2000,"name":"mark","cat":"elsewhere"},
{"ph":"C","pid":7,"ts":2000,"name":"bytes","args":{"n":4.5}}]}
END
cat >"$work/words.json" <<'END'
[{"ph":"M","pid":"gpu","name":"process_labels","args":{"labels":"of 2"}},
{"ph":"X","pid":"gpu","tid":"stream 7","ts":1700000000000001,"dur":2,"name":"kernel"},
{"ph":"X","pid":"gpu","tid":8,"ts":1700000000000002,"dur":2,"name":"copy"},
{"ph":"X","pid":-1,"tid":-5,"ts":1700000000000003,"dur":2,"name":"minus"},
{"ph":"i","pid":"","tid":"","ts":1700000000000006,"name":"window"},
{"ph":"i","pid":3,"tid":3,"ts":0,"name":"unset"}]
END
cp "$here/recorded.json" "$work/recorded.json"
cat >"$work/created.json" <<'END'
[{"ph":"X","pid":1,"tid":1,"ts":1,"dur":1,"name":"access","cat":"FILE","args":{"detail":"/missed, F_OK = -1 ENOENT"}},
{"ph":"X","pid":1,"tid":1,"ts":2,"dur":1,"name":"openat","cat":"FILE","args":{"detail":"/missed, O_RDWR|O_CREAT, 0644 = 3"}},
{"ph":"X","pid":1,"tid":1,"ts":3,"dur":1,"name":"openat","cat":"FILE","args":{"detail":"/there, O_RDWR|O_CREAT, 0644 = 4"}},
{"ph":"X","pid":1,"tid":1,"ts":4,"dur":1,"name":"unlink","cat":"FILE","args":{"detail":"/again = 0"}},
{"ph":"X","pid":1,"tid":1,"ts":5,"dur":1,"name":"creat","cat":"FILE","args":{"detail":"/again, 0644 = 5"}},
{"ph":"X","pid":1,"tid":1,"ts":6,"dur":1,"name":"stat","cat":"FILE","args":{"detail":"/seen = -1 ENOENT"}},
{"ph":"X","pid":1,"tid":1,"ts":7,"dur":1,"name":"stat","cat":"FILE","args":{"detail":"/seen, {S_IFREG|0644, size 0} = 0"}},
{"ph":"X","pid":1,"tid":1,"ts":8,"dur":1,"name":"openat","cat":"FILE","args":{"detail":"/seen, O_RDWR|O_CREAT, 0644 = 6"}},
{"ph":"X","pid":1,"tid":1,"ts":9,"dur":1,"name":"execve","cat":"PROCESS","args":{"detail":"/script, [\"/script\"], 1 vars = -1 ENOENT"}},
{"ph":"X","pid":1,"tid":1,"ts":10,"dur":1,"name":"openat","cat":"FILE","args":{"detail":"/script, O_RDWR|O_CREAT, 0644 = 7"}}]
END
cat >"$work/failures.strace" <<'END'
10 1700000000.000000 execve("/bin/sh", ["sh"], 0x1 /* 2 vars */) = 0 <0.000001>
10 1700000000.000010 vfork() = 11 <0.000001>
10 1700000000.000020 vfork() = 12 <0.000001>
10 1700000000.000030 vfork() = 13 <0.000001>
13 1700000000.001000 +++ exited with 0 +++
12 1700000000.002000 +++ exited with 2 +++
11 1700000000.003000 +++ exited with 3 +++
10 1700000000.004000 +++ exited with 0 +++
END
cat >"$work/family.strace" <<'END'
10 1700000000.000000 execve("/bin/sh", ["sh"], 0x1 /* 2 vars */) = 0 <0.000001>
10 1700000000.000010 vfork( <unfinished ...>
11 1700000000.000020 execve("/bin/false", ["false"], 0x1 /* 2 vars */) = 0 <0.000001>
10 1700000000.000030 <... vfork resumed>) = 11 <0.000020>
11 1700000000.002000 exit_group(1) = ?
11 1700000000.002010 +++ exited with 1 +++
10 1700000000.003000 clone(child_stack=NULL, flags=SIGCHLD) = 12 <0.000100>
12 1700000000.004000 getpid() = 12 <0.000001>
12 1700000000.005000 +++ killed by SIGKILL +++
10 1700000000.006000 +++ exited with 0 +++
END

# calls NAME MICROSECONDS COUNT FAILING: calls as printed by strace, every fifth one twice as long.
calls() {
    awk -v name="$1" -v us="$2" -v count="$3" -v failing="$4" 'BEGIN {
        for (i = 0; i < count; i++)
            printf "7 17000000%02d.%06d %s(3) = %s <0.%06d>\n", i / 900, i % 900 * 1000, name,
                i < failing ? "-1 ENOENT (No such file or directory)" : "0", i % 5 ? us : us * 2
    }'
}
compared_runs() {
    mkdir "$work/before" "$work/after"
    for i in 1 2 3 4 5; do
        { calls read 100 300 0; calls openat 50 300 3; calls close 9 200 0; calls fsync 80 2 0; } >"$work/before/$i.strace"
        { calls read $((150 + i)) 300 0; calls openat 51 300 90; calls lseek 5 9 0; calls fsync 90 2 0; } >"$work/after/$i.strace"
    done
}
case $case in
diff* | check*) compared_runs ;;
watch_*) mkdir "$work/saves" ;;
esac
before=$work/before/1.strace
after=$work/after/1.strace

for file in pipes output unwritable damage live hostile extract faults metrics mcp segment ship touch; do
    . "$here/$file.sh"
done
if grep -q "^case_$case()" "$here"/pipes.sh "$here"/output.sh "$here"/unwritable.sh "$here"/damage.sh "$here"/live.sh \
    "$here"/hostile.sh "$here"/extract.sh "$here"/faults.sh "$here"/metrics.sh "$here"/mcp.sh "$here"/segment.sh "$here"/ship.sh \
    "$here"/touch.sh; then
    "case_$case"
else
    eval "$(grep "^run $case\\( \\|\$\\)" "$here/cases.sh")"
    [ -e "$work/$case.txt" ] || failed "there is no case $case"
fi
[ $failures -eq 0 ] || exit 1
rm -rf "$work"
