# `ringscope record`, by both backends. A backend that the machine forbids is skipped, visibly.

get_target_property(record_absent record RINGSCOPE_ABSENT)
if(NOT record_absent)
    set(record_programs ${PROJECT_BINARY_DIR}/tests/record-programs)
    foreach(name subject terminal)
        add_executable(record_${name} record/${name}.c)
        set_target_properties(record_${name} PROPERTIES
            OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${record_programs} C_STANDARD 11)
        target_compile_options(record_${name} PRIVATE ${RINGSCOPE_WARNINGS} $<$<BOOL:${RINGSCOPE_WERROR}>:-Werror>)
        target_compile_definitions(record_${name} PRIVATE _GNU_SOURCE)
        target_link_libraries(record_${name} PRIVATE Threads::Threads util)
    endforeach()
    foreach(backend bpf ptrace)
        add_test(NAME record_${backend} COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/record/run.sh ${backend}
            $<TARGET_FILE:ringscope_cli> ${record_programs} ${PROJECT_BINARY_DIR}/tests/record-${backend})
        add_test(NAME record_${backend}_strace COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/record/compare.sh ${backend}
            $<TARGET_FILE:ringscope_cli> ${record_programs} ${PROJECT_BINARY_DIR}/tests/record-${backend}-strace)
        set_tests_properties(record_${backend} record_${backend}_strace PROPERTIES
            LABELS record TIMEOUT ${timeout_default} SKIP_RETURN_CODE 77)
    endforeach()
endif()
