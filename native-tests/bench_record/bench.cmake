# The benchmark of `ringscope record`; its harness is that of the other benchmarks.

get_target_property(record_absent ringscope_record RINGSCOPE_ABSENT)
if(NOT record_absent)
    file(GLOB bench_record_sources CONFIGURE_DEPENDS bench_record/*.c)
    ringscope_program(bench_record SOURCES ${bench_record_sources} LINK ringscope::static bench_harness)
    target_include_directories(bench_record PRIVATE bench)
    target_compile_definitions(bench_record PRIVATE BENCH_SOURCES="${PROJECT_SOURCE_DIR}/src"
        RINGSCOPE_COMMAND="$<TARGET_FILE:ringscope_cli>" BENCH_RECORD_PROGRAM="$<TARGET_FILE:bench_record>")
    add_dependencies(bench_record ringscope_cli)
endif()
