# Programs and recorders that see less of the machine than others do, or become another user on the way.

# make_jail DIRECTORY PROGRAM: a directory with the program as /program, and with its libraries.
make_jail() {
    mkdir -p "$1"
    cp "$2" "$1/program"
    ldd "$2" 2>/dev/null | grep -o '/[^ ]*' | while read -r library; do
        mkdir -p "$1/$(dirname "$library")"
        cp -L "$library" "$1/$library"
    done
}

# Names of files are those that the program uses.
case_chroot() {
    needs root
    make_jail "$work/jail" "$(command -v cat)"
    echo inside >"$work/jail/name"
    chroot "$work/jail" /program /name >/dev/null 2>&1 || skip 'no program runs in a chroot here'
    record chroot -q -- chroot "$work/jail" /program /name
    ends_with 0 'in a chroot'
    has "FILE chroot: $work/jail = 0"
    has 'FILE openat: /name, O_RDONLY = [0-9]+'
    lost_nothing
}

# Root of a user namespace alone: ptrace works, and BPF says what it lacks.
case_user_namespace() {
    unshare -Ur true 2>/dev/null || skip 'no user namespaces can be made here'
    image=$work/inside.ring
    said=$work/inside.err
    status=0
    unshare -Ur "$command" record -q --backend "$backend" -o "$image" -- "$subject" exit 3 2>"$said" || status=$?
    if [ "$backend" = bpf ] && [ "$status" -eq 1 ]; then
        says 'ringscope record: BPF: '
        return
    fi
    ends_with 3 'in a user namespace'
    "$command" events "$image" >"$work/events"
    has 'exit_group: 3'
}

# An ordinary user whom /proc shows no processes of others records their own, and is told of the others.
case_hidden_processes() {
    [ "$backend" = ptrace ] || skip 'BPF needs privileges'
    prepare_nobody
    unshare -m mount -t proc -o hidepid=2 proc /proc 2>/dev/null || skip 'no /proc can be mounted here'
    said=$work/hidden.err
    sleep 1000 &
    foreign=$!
    status=0
    # The inner shell expands these.
    # shellcheck disable=SC2016
    unshare -m sh -c 'mount -t proc -o hidepid=2 proc /proc && cd /tmp &&
        as="setpriv --reuid=65534 --regid=65534 --clear-groups $1/ringscope record -q -o $1/image" &&
        $as -- sh -c "exit 3"; own=$?; $as -p "$2"; echo "$own $?"' sh "$nobody" "$foreign" >"$work/out" 2>"$said" ||
        status=$?
    kill "$foreign"
    ends_with 0 'a /proc that hides processes'
    [ "$(cat "$work/out")" = '3 1' ] || failed "own and foreign process: $(cat "$work/out"): $(cat "$said")"
    says "$foreign"
}

# A program that gives up its privileges is recorded as before.
case_gives_up_privileges() {
    needs root
    record changed -q -- setpriv --reuid=65534 --regid=65534 --clear-groups sh -c 'cat /dev/null; exit 3'
    ends_with 3 'another user'
    has 'setresuid: .*65534'
    has 'FILE openat: /dev/null, O_RDONLY = [0-9]+'
    lost_nothing
}
