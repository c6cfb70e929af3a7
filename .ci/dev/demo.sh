# ./dev demo: shows first, builds later. Only the things that are shown get built, and while one is built or shown, the
# requirements of the next are fetched.

# Fetches the requirements of the later steps, one after another, during the first step; rest_wait waits for one of
# them.
rest_begin() {
    rm -rf build/rest
    mkdir -p build/rest
    : >build/log.rest
    {
        (log=build/log.rest && rest_fetch) >>build/log.rest 2>&1 </dev/null || :
        : >build/rest/ended
    } &
}
rest_fetch() {
    need $packages_record && : >build/rest/record &&
        need_modules && : >build/rest/modules &&
        need_bundler && : >build/rest/bundler
}

rest_is_there() {
    until [ -e "build/rest/$1" ] || [ -e build/rest/ended ]; do
        sleep 0.1
    done
    [ -e "build/rest/$1" ] || {
        cat build/log.rest
        return 1
    }
}
rest_wait() {
    [ -e "build/rest/$1" ] || quietly "$2" rest_is_there "$1"
}

# Builds only the command and the library in it.
demo_build() {
    options="-DRINGSCOPE_TESTS=OFF -DRINGSCOPE_BENCH=OFF -DRINGSCOPE_RECORD=$1"
    quietly "$2" build_targets release "$options" ringscope_cli
}

demo() {
    need $packages_command
    recorder=AUTO
    if [ -n "$(missing_packages $packages_record)" ]; then
        recorder=OFF
    fi
    rest_begin
    demo_build $recorder 'building the library and the command'
    printf '\nA toy kernel, recorded by the library:\n\n'
    build/native/ringscope demo -o build/demo.ring
    echo
    if [ $recorder = OFF ]; then
        rest_wait record 'installing what recording needs'
        demo_build AUTO 'building the recorder'
    fi
    demo_record
    demo_page
    demo_view
}

# Records a real program besides the toy kernel, if the machine permits it.
demo_record() {
    rm -f build/demo-record.ring
    printf '\nA shell pipeline over /usr/share, as the Linux kernel saw it:\n\n'
    if build/native/ringscope record -o build/demo-record.ring -- \
        sh -c "find /usr/share/doc -type f | sort | head -n 500 | xargs cat | wc -c"; then
        printf '\nIts calls that took longest together (ringscope stats):\n\n'
        build/native/ringscope stats build/demo-record.ring | head -n 12
    else
        echo '(Nothing could be recorded here.)'
    fi
}

demo_page() {
    echo
    echo "The page is built now, by Emscripten: in a minute or so it is there."
    rest_wait modules 'installing Emscripten'
    quietly 'building the page' build_modules
    rest_wait bundler 'installing what puts the page together'
    quietly 'putting the page together' bundle_page
}

# Runs until Ctrl-C; where nobody can press it, only long enough to see that it works.
demo_view() {
    file=build/demo-record.ring
    options=
    if [ ! -e $file ]; then
        file=build/demo.ring
    fi
    if [ ! -t 1 ] || [ "${CI:-}" = true ]; then
        options=--no-open
    fi
    rm -f build/address
    mkfifo build/address
    build/native/ringscope view $file $options >build/address &
    viewer=$!
    read -r address <build/address || fail 'the page could not be served'
    rm build/address
    echo
    echo "You saw   a toy kernel and a real program: build/*.ring, for ringscope summary, events, stats, export."
    echo "The page  $address - its button \"Toy kernel\" runs the toy kernel there, live. Ctrl-C ends it."
    echo "Next      build/native/ringscope record YOUR-PROGRAM, ./dev test, and README.md for your own C or JavaScript."
    if [ -n "$options" ]; then
        sleep 2
        kill $viewer
    fi
    wait $viewer
}
