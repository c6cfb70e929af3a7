# `ringscope record`: each case of cases/*.sh, with both backends.

get_target_property(record_absent ringscope_record RINGSCOPE_ABSENT)
if(NOT record_absent)
    set(record_programs ${PROJECT_BINARY_DIR}/tests/record-programs)
    foreach(name subject terminal arguments rarer uring)
        add_executable(record_${name} record/${name}.c)
        set_target_properties(record_${name} PROPERTIES
            OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${record_programs} C_STANDARD 11)
        target_compile_options(record_${name} PRIVATE ${RINGSCOPE_WARNINGS} $<$<BOOL:${RINGSCOPE_WERROR}>:-Werror>)
        target_compile_definitions(record_${name} PRIVATE _GNU_SOURCE)
        target_link_libraries(record_${name} PRIVATE Threads::Threads util)
    endforeach()
    target_sources(record_subject PRIVATE record/subject_calls.c record/subject_processes.c record/subject_signals.c)

    # Functions to be traced: without optimization, and the same with counters.
    foreach(name functions functions_counting)
        add_executable(record_${name} record/functions.c)
        set_target_properties(record_${name} PROPERTIES
            OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${record_programs} C_STANDARD 11)
        target_compile_options(record_${name} PRIVATE ${RINGSCOPE_WARNINGS} $<$<BOOL:${RINGSCOPE_WERROR}>:-Werror> -g -O0
            -U_FORTIFY_SOURCE)
        target_compile_definitions(record_${name} PRIVATE _GNU_SOURCE $<$<STREQUAL:${name},functions_counting>:COUNTING>)
        target_link_libraries(record_${name} PRIVATE Threads::Threads)
    endforeach()
    add_executable(record_unwinding record/unwinding.cpp)
    set_target_properties(record_unwinding PROPERTIES
        OUTPUT_NAME unwinding RUNTIME_OUTPUT_DIRECTORY ${record_programs})
    target_compile_options(record_unwinding PRIVATE -g -O0 -U_FORTIFY_SOURCE)

    # Calls from known places: with frame pointers, and without.
    foreach(name stacks stacks_without)
        add_executable(record_${name} record/stacks.c)
        set_target_properties(record_${name} PROPERTIES
            OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${record_programs} C_STANDARD 11)
        target_compile_options(record_${name} PRIVATE ${RINGSCOPE_WARNINGS} $<$<BOOL:${RINGSCOPE_WERROR}>:-Werror> -O1
            -fno-optimize-sibling-calls -f$<$<STREQUAL:${name},stacks>:no->omit-frame-pointer)
        target_compile_definitions(record_${name} PRIVATE _GNU_SOURCE)
        target_link_libraries(record_${name} PRIVATE Threads::Threads ${CMAKE_DL_LIBS})
        target_link_options(record_${name} PRIVATE -Wl,--build-id)
    endforeach()
    add_executable(record_spins record/spins.c)
    set_target_properties(record_spins PROPERTIES
        OUTPUT_NAME spins RUNTIME_OUTPUT_DIRECTORY ${record_programs} C_STANDARD 11)
    target_compile_options(record_spins PRIVATE ${RINGSCOPE_WARNINGS} $<$<BOOL:${RINGSCOPE_WERROR}>:-Werror> -O1
        -fno-optimize-sibling-calls)
    target_compile_definitions(record_spins PRIVATE _GNU_SOURCE)
    target_link_libraries(record_spins PRIVATE Threads::Threads)
    target_link_options(record_spins PRIVATE -Wl,--build-id)
    add_library(record_stacks_library MODULE record/stacks_library.c)
    set_target_properties(record_stacks_library PROPERTIES
        OUTPUT_NAME stacks_library PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${record_programs})
    target_link_options(record_stacks_library PRIVATE -Wl,--build-id)

    add_executable(record_slices record/slices.c)
    ringscope_target(record_slices)
    set_target_properties(record_slices PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${record_programs} OUTPUT_NAME slices)
    target_compile_definitions(record_slices PRIVATE _GNU_SOURCE)
    target_link_libraries(record_slices PRIVATE ringscope::static Threads::Threads)

    add_executable(record_programs record/programs.c)
    ringscope_target(record_programs)
    set_target_properties(record_programs PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${record_programs} OUTPUT_NAME programs)
    target_compile_definitions(record_programs PRIVATE _GNU_SOURCE)
    target_include_directories(record_programs SYSTEM PRIVATE ${RINGSCOPE_BPF_INCLUDE})
    target_link_libraries(record_programs PRIVATE ringscope_record)
    ringscope_test(record_bpf_programs LABEL record NEEDS record_programs COMMAND record_programs)

    add_executable(record_words record/words.c)
    ringscope_target(record_words)
    set_target_properties(record_words PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${record_programs} OUTPUT_NAME words)
    target_link_libraries(record_words PRIVATE ringscope_record)
    ringscope_test(record_words LABEL record NEEDS record_words COMMAND record_words)

    add_executable(record_common_calls record/common_calls.c record/common_sockets.c)
    set_target_properties(record_common_calls PROPERTIES
        OUTPUT_NAME common_calls RUNTIME_OUTPUT_DIRECTORY ${record_programs} C_STANDARD 11)
    target_compile_options(record_common_calls PRIVATE ${RINGSCOPE_WARNINGS} $<$<BOOL:${RINGSCOPE_WERROR}>:-Werror>)
    target_compile_definitions(record_common_calls PRIVATE _GNU_SOURCE)
    target_link_libraries(record_common_calls PRIVATE rt)

    file(GLOB record_files CONFIGURE_DEPENDS record/cases/*.sh)
    ringscope_cases(record_cases "^case_([a-z0-9_]+)\\(\\)" ${record_files})
    foreach(backend bpf ptrace)
        ringscope_test(record_${backend}_common_calls LABEL record
            NEEDS ringscope_cli record_common_calls probe
            COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/record/common_calls.sh ${backend} $<TARGET_FILE:ringscope_cli>
                ${record_programs} ${PROJECT_BINARY_DIR}/tests/record-${backend}-common-calls
                ${PROJECT_SOURCE_DIR}/docs/CALLS.md)
        foreach(name IN LISTS record_cases)
            ringscope_test(record_${backend}_${name} LABEL record
                NEEDS ringscope_cli record_subject record_terminal record_arguments record_rarer
                    record_uring probe
                    record_functions record_functions_counting record_unwinding
                    record_stacks record_stacks_without record_stacks_library
                    record_spins record_slices
                COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/record/run.sh ${name} ${backend} $<TARGET_FILE:ringscope_cli>
                    ${record_programs} ${PROJECT_BINARY_DIR}/tests/record-${backend}-${name})
        endforeach()
        foreach(name IN ITEMS cat ls missing tar dd shell bad_arguments descriptors calls_of_32_bits forks signals)
            ringscope_test(record_${backend}_strace_${name} LABEL record NEEDS ringscope_cli record_subject probe
                COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/record/compare.sh ${name} ${backend} $<TARGET_FILE:ringscope_cli>
                    ${record_programs} ${PROJECT_BINARY_DIR}/tests/record-${backend}-strace-${name})
        endforeach()
    endforeach()
endif()
