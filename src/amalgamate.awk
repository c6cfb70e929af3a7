# Writes the library as one C file to standard output; amalgamate.sh calls it:
#   awk -v root=src -v version=V -v cjson=FOLDER -v license=FILE -v exports=FILE -f amalgamate.awk
#       common FILE… native FILE… wasm FILE…
#
# Everything becomes one translation unit, so three kinds of names need care: - A static: its file's name is appended,
# because another file, or libc, may use the same name. Members (.begin) keep theirs. - A function or variable that
# files share: prefixed by a macro, so that it cannot clash with one of the user's. - A macro of a .c file: undefined at
# the end of that file.

function fail(text)
{
    print "amalgamate: " text > "/dev/stderr"
    failed = 1
    exit 1
}

function load(path,    line, status)
{
    if (path in lines)
        return
    lines[path] = 0
    while ((status = (getline line < path)) > 0)
        text[path, ++lines[path]] = line
    close(path)
    if (status < 0 || lines[path] == 0)
        fail("cannot read " path)
}

# Normalizes a path: image/../core/x.h is core/x.h.
function normal(path)
{
    while (match(path, /[^\/.]+\/\.\.\//))
        path = substr(path, 1, RSTART - 1) substr(path, RSTART + RLENGTH)
    return path
}

function folder(path)
{
    sub(/[^\/]*$/, "", path)
    return path
}

# The file named by an include line, or "" for a system header.
function included(path, line)
{
    if (line ~ /"cJSON\.h"|<cjson\/cJSON\.h>/)
        return cjson "/cJSON.h"
    if (line !~ /^[ \t]*#[ \t]*include[ \t]*"/)
        return ""
    sub(/^[^"]*"/, "", line)
    sub(/".*$/, "", line)
    return normal(folder(path) line)
}

# ------------------------------------------------------------------- names

# The name declared at file scope by a line that begins in column 0, or "".
function declared(line)
{
    if (line ~ /^[A-Za-z_0-9]+\([a-z_0-9]+\)\(/ || line !~ /^[A-Za-z_].*[A-Za-z_*) ] ?\*?[A-Za-z_0-9]+[ ]*[(\[=;]/)
        return ""
    sub(/[(\[=;].*$/, "", line)
    sub(/ +$/, "", line)
    if (!match(line, /[A-Za-z_][A-Za-z_0-9]*$/) || RSTART == 1)
        return ""
    return substr(line, RSTART)
}

function is_local(line)
{
    return line ~ /^(static|hot)[ \t]/
}

function collect(path,    i, line, name)
{
    load(path)
    for (i = 1; i <= lines[path]; i++) {
        line = text[path, i]
        if (line ~ /^[ \t]*#[ \t]*define[ \t]/) {
            split(line, words, /[ \t(]+/)
            name = words[line ~ /^[ \t]*#[ \t]+define/ ? 3 : 2]
            if (!((path, name) in has_macro)) {
                has_macro[path, name] = 1
                macros[path] = macros[path] " " name
            }
            continue
        }
        if (line !~ /^[A-Za-z_]/ || line ~ /^(typedef|struct [a-z_]+ \{|enum [a-z_]* ?\{|EM_JS)/)
            continue
        gsub(/__attribute__\(\([^)]*(\([^)]*\))*[^)]*\)\)/, "", line)
        gsub(/CJSON_PUBLIC\([^)]*\)/, "", line)
        sub(/[ \t]+;$/, ";", line)
        name = declared(line)
        if (name == "")
            continue
        if (is_local(line)) {
            local[path, name] = 1
        } else if (line !~ /;$/ || line !~ /\(/) {
            shared(name)
        }
    }
}

function shared(name)
{
    if (name ~ /^tracer?_|^cJSON_/ || name in is_shared)
        return
    is_shared[name] = 1
    shared_names[++shared_count] = name
}

# "src/read/merge.c" and "begin" make "begin_in_read_merge".
function own_name(path, name)
{
    sub(/^.*src\//, "", path)
    sub(/\.c$/, "", path)
    gsub(/[^A-Za-z0-9]/, "_", path)
    return name "_in_" path
}

# The line with the file's statics renamed, but not members, comments and texts.
function renamed(path, line,    out, token, before)
{
    out = ""
    while (line != "") {
        if (in_comment) {
            if (!match(line, /\*\//))
                return out line
            in_comment = 0
        } else if (match(line, /^\/\*/)) {
            in_comment = 1
        } else if (match(line, /^"([^"\\]|\\.)*"|^'([^'\\]|\\.)*'/)) {
        } else if (match(line, /^[A-Za-z_][A-Za-z_0-9]*/)) {
            token = substr(line, 1, RLENGTH)
            before = out
            sub(/[ \t]+$/, "", before)
            if (((path, token) in local) && before !~ /\.$|->$/)
                token = own_name(path, token)
            out = out token
            line = substr(line, RLENGTH + 1)
            continue
        } else if (!match(line, /^[^A-Za-z_"'\/]+/)) {
            RSTART = RLENGTH = 1
        }
        out = out substr(line, 1, RSTART + RLENGTH - 1)
        line = substr(line, RSTART + RLENGTH)
    }
    return out
}

# ------------------------------------------------------------------ output

# The system headers of a group. All come before the first line of our own code, which may be hidden.
function system_headers(group,    i, n, files, path, queue, seen, line, target)
{
    n = split(members[group], queue, "\n")
    queue[n] = cjson "/cJSON.c"
    n++
    for (i = 1; i in queue; i++) {
        path = queue[i]
        load(path)
        for (line = 1; line <= lines[path]; line++) {
            target = included(path, text[path, line])
            if (target != "" && target !~ /ringscope\.h$/ && !(target in seen)) {
                seen[target] = 1
                queue[n++] = target
            } else if (target == "" && text[path, line] ~ /^#[ \t]*include[ \t]*</) {
                system_header(group, for_processor(path, text[path, line]))
            }
        }
    }
}

# Files included by arch_x86_64.h only exist on that processor, so the line is only for __x86_64__.
function for_processor(path, line)
{
    if (!match(path, /\/arch_[a-z0-9_]+\.h$/) || path ~ /arch_generic\.h$/)
        return line
    return "#ifdef __" substr(path, RSTART + 6, RLENGTH - 8) "__\n" line "\n#endif"
}

# Once per group, and not again if it is common to all groups.
function system_header(group, line)
{
    if (!((group, line) in printed) && !(("common", line) in printed))
        print line
    printed[group, line] = 1
}

function emit(path,    i, line, target, ours)
{
    load(path)
    ours = path ~ /\.c$/
    printf "\n/* ==== %s */\n", path ~ /cJSON/ ? "cJSON: " substr(path, length(folder(path)) + 1) : substr(path, index(path, "src/"))
    in_comment = 0
    for (i = 1; i <= lines[path]; i++) {
        line = text[path, i]
        target = included(path, line)
        if (target != "") {
            if (target !~ /\/ringscope\.h$/ && !(target in emitted)) {
                emitted[target] = 1
                emit(target)
            }
        } else if (line ~ /^#[ \t]*include[ \t]*</ || line ~ /^#define _GNU_SOURCE/) {
            continue
        } else if (path ~ /cJSON\.h$/ && line ~ /^#define CJSON_PUBLIC\(type\) +type$/) {
            print "#define CJSON_PUBLIC(type) static __attribute__((unused)) type"
        } else {
            print ours ? renamed(path, line) : line
        }
    }
    if (ours)
        undefine(path)
}

function undefine(path,    i, n, names)
{
    n = split(macros[path], names, " ")
    for (i = 1; i <= n; i++)
        print "#undef " names[i]
}

function emit_group(group,    i, n, files)
{
    n = split(members[group], files, "\n")
    for (i = 1; i < n; i++)
        emit(files[i])
}

function print_file(path,    i)
{
    load(path)
    for (i = 1; i <= lines[path]; i++)
        print text[path, i]
}

function head()
{
    print "/*\n * ringscope " version ", the library as one file, with cJSON inside. Beside it lies ringscope.h.\n *"
    print " *     cc app.c ringscope.c\n *     cc -c ringscope.c && c++ app.cpp ringscope.o"
    print " *     emcc app.c ringscope.c, which Tracer.attach() of ringscope.js reads\n *"
    print " * Made from many files by ./dev amalgamate: change those.\n */"
    print "/*"
    print_file(license)
    print "*/"
    print "#ifdef __cplusplus\n#error \"ringscope.c is C: cc -c ringscope.c, then c++ app.cpp ringscope.o\"\n#endif"
    print "#ifndef _GNU_SOURCE\n#define _GNU_SOURCE 1\n#endif"
    print "#ifndef _FILE_OFFSET_BITS\n#define _FILE_OFFSET_BITS 64\n#endif"
    system_headers("common")
    print "#ifdef __EMSCRIPTEN__"
    system_headers("wasm")
    print "#else"
    system_headers("native")
    print "#endif\n"
    for (i = 1; i <= shared_count; i++)
        print "#define " shared_names[i] " ringscope_" shared_names[i]
    print "\n#include \"ringscope.h\"\n\n#ifdef __EMSCRIPTEN__"
    emit_exports(0)
    print "#endif\n\n#pragma GCC visibility push(hidden)"
}

# Functions called from JavaScript are kept and exported, though nothing in C calls them. This must precede the
# definitions.
function emit_exports(facade,    i, name)
{
    load(exports)
    for (i = 1; i <= lines[exports]; i++) {
        name = substr(text[exports, i], 2)
        if ((name ~ /^tracer_wasm_/) == facade)
            print "extern __typeof__(" name ") " name " __attribute__((used, visibility(\"default\")));"
    }
}

function tail(    path)
{
    path = cjson "/cJSON.c"
    print "\n#pragma GCC diagnostic push\n#pragma GCC diagnostic ignored \"-Wall\"\n#pragma GCC diagnostic ignored \"-Wextra\""
    print "#ifdef __EMSCRIPTEN__"
    emit(root "/wasm/cjson_without_numbers.h")
    print "#endif"
    emit(path)
    print "#pragma GCC diagnostic pop\n#pragma GCC visibility pop"
}

BEGIN {
    for (i = 1; i < ARGC; i++) {
        if (ARGV[i] ~ /^(common|native|wasm)$/) {
            group = ARGV[i]
        } else {
            members[group] = members[group] ARGV[i] "\n"
            collect(ARGV[i])
        }
    }
    collect(cjson "/cJSON.c")
    head()
    emit_group("common")
    print "\n#ifdef __EMSCRIPTEN__"
    print "#pragma GCC visibility push(default)"
    emitted[root "/wasm/wasm.h"] = 1
    emit(root "/wasm/wasm.h")
    emit_exports(1)
    print "#pragma GCC visibility pop"
    emit_group("wasm")
    print "\n#else /* not __EMSCRIPTEN__ */"
    emit_group("native")
    print "\n#endif"
    tail()
    exit failed
}
