# The benchmark of `ringscope record`; the harness is that of the other benchmarks.

get_target_property(record_absent record RINGSCOPE_ABSENT)
if(NOT record_absent)
    # clang-tidy sees each source once, with bench_native: its va_list check is wrong about a file's second turn.
    add_library(bench_harness OBJECT bench/bench.c bench/bench_report.c bench/bench_workload.c)
    ringscope_target(bench_harness)
    target_link_libraries(bench_harness PRIVATE ringscope::static)
    target_compile_definitions(bench_harness PRIVATE BENCH_LINKAGE="static")
    set_target_properties(bench_harness PROPERTIES EXPORT_COMPILE_COMMANDS OFF)

    file(GLOB bench_record_sources CONFIGURE_DEPENDS bench_record/*.c)
    ringscope_program(bench_record SOURCES ${bench_record_sources} LINK ringscope::static bench_harness)
    target_include_directories(bench_record PRIVATE bench)
    target_compile_definitions(bench_record PRIVATE BENCH_SOURCES="${PROJECT_SOURCE_DIR}/src"
        RINGSCOPE_COMMAND="$<TARGET_FILE:ringscope_cli>" BENCH_RECORD_PROGRAM="$<TARGET_FILE:bench_record>")
    add_dependencies(bench_record ringscope_cli)
endif()
