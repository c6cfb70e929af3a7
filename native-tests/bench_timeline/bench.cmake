# The benchmark of the page's timeline; its harness is that of the other benchmarks.

file(GLOB bench_timeline_sources CONFIGURE_DEPENDS bench_timeline/*.c)
ringscope_program(bench_timeline SOURCES ${bench_timeline_sources} LINK ringscope_timeline ringscope::static bench_harness)
target_include_directories(bench_timeline PRIVATE bench)
