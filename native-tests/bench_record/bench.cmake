# The benchmark of `ringscope record`; its harness is that of the other benchmarks.

get_target_property(record_absent ringscope_record RINGSCOPE_ABSENT)
if(NOT record_absent)
    file(GLOB bench_record_sources CONFIGURE_DEPENDS bench_record/*.c)
    list(FILTER bench_record_sources EXCLUDE REGEX "\\.bpf\\.c$")
    set(counter ${CMAKE_CURRENT_BINARY_DIR}/counter)
    set(counter_source ${CMAKE_CURRENT_SOURCE_DIR}/bench_record/counter.bpf.c)
    file(MAKE_DIRECTORY ${counter})
    add_custom_command(
        OUTPUT ${counter}/counter.skel.h
        COMMAND ${RINGSCOPE_BPF_CLANG} -g -O2 -target bpf -isystem ${RINGSCOPE_BPF_INCLUDE}
            -isystem /usr/include/${CMAKE_LIBRARY_ARCHITECTURE} -c ${counter_source} -o ${counter}/counter.bpf.o
        COMMAND ${CMAKE_COMMAND} -E echo "/* NOLINTBEGIN: generated */" > ${counter}/counter.skel.h
        COMMAND ${RINGSCOPE_BPFTOOL} gen skeleton ${counter}/counter.bpf.o name counter_bpf >> ${counter}/counter.skel.h
        COMMAND ${CMAKE_COMMAND} -E echo "/* NOLINTEND */" >> ${counter}/counter.skel.h
        DEPENDS ${counter_source}
        VERBATIM)
    ringscope_program(bench_record SOURCES ${bench_record_sources} ${counter}/counter.skel.h
        LINK ringscope::static bench_harness ${RINGSCOPE_LIB_bpf} ${RINGSCOPE_LIB_elf} ${RINGSCOPE_LIB_z})
    target_include_directories(bench_record PRIVATE bench)
    target_include_directories(bench_record SYSTEM PRIVATE ${counter} ${RINGSCOPE_BPF_INCLUDE})
    target_compile_definitions(bench_record PRIVATE BENCH_SOURCES="${PROJECT_SOURCE_DIR}/src"
        RINGSCOPE_COMMAND="$<TARGET_FILE:ringscope_cli>" BENCH_RECORD_PROGRAM="$<TARGET_FILE:bench_record>")
    add_dependencies(bench_record ringscope_cli)
endif()
