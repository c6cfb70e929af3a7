# What the tests by shell share: failures are counted, so that a case shows all of them.
failures=0

failed() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

# eventually COMMAND…: waits until it succeeds, for minutes at most.
eventually() {
    tries=0
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ $tries -lt 6000 ] || {
            failed "this never came: $*"
            return 0
        }
        sleep 0.02
    done
}
