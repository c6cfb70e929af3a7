# How tests are registered, so that ./dev test NAME can build and run one of them alone.

# A guard against hanging, not a limit: no machine should reach it, however busy.
set(RINGSCOPE_TEST_GUARD_SECONDS 1200 CACHE STRING "Seconds after which a test counts as hanging")

# ringscope_test(name LABEL label COMMAND … NEEDS target …). Exit code 77 means that the machine cannot run it; the line
# "SKIPPED: …" gives the reason.
function(ringscope_test name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "LABEL" "COMMAND;NEEDS")
    add_test(NAME ${name} COMMAND ${arg_COMMAND})
    set_tests_properties(${name} PROPERTIES
        LABELS ${arg_LABEL} TIMEOUT ${RINGSCOPE_TEST_GUARD_SECONDS} SKIP_RETURN_CODE 77)
    set_property(DIRECTORY PROPERTY RINGSCOPE_NEEDS_${name} ${arg_NEEDS})
    set_property(DIRECTORY APPEND PROPERTY RINGSCOPE_TEST_TARGETS ${arg_NEEDS})
endfunction()

# The names of the cases in scripts: the regular expression's capture group.
function(ringscope_cases result regex)
    set(all "")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${ARGN})
    foreach(file IN LISTS ARGN)
        file(STRINGS ${file} names REGEX "${regex}")
        list(TRANSFORM names REPLACE "${regex}.*" "\\1")
        list(APPEND all ${names})
    endforeach()
    set(${result} ${all} PARENT_SCOPE)
endfunction()

# Writes the list by which ./dev selects, one test per line: its name, its label, the targets that it needs; and makes
# the target "tests" depend on all these targets.
function(ringscope_list_tests)
    get_property(names DIRECTORY PROPERTY TESTS)
    set(lines "")
    foreach(name IN LISTS names)
        get_property(label TEST ${name} PROPERTY LABELS)
        get_property(needs DIRECTORY PROPERTY RINGSCOPE_NEEDS_${name})
        if(NOT needs)
            set(needs all)
        endif()
        list(JOIN needs " " needs)
        string(APPEND lines "${name} ${label} ${needs}\n")
    endforeach()
    file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/tests.txt CONTENT "${lines}")
    get_property(targets DIRECTORY PROPERTY RINGSCOPE_TEST_TARGETS)
    list(REMOVE_DUPLICATES targets)
    add_custom_target(tests DEPENDS ${targets})
endfunction()
