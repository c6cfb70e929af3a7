# The benchmark of the command on a trace; its harness is that of the other benchmarks.

ringscope_program(bench_command SOURCES bench_command/main.c bench_command/processes.c bench_command/recorded.c
    LINK ringscope::static bench_harness)
target_include_directories(bench_command PRIVATE bench)
if(TARGET ringscope_cli)
    add_dependencies(bench_command ringscope_cli)
endif()
