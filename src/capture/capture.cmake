# `ringscope record`: its library and its BPF program. Without their requirements the command reports that.

set(RINGSCOPE_RECORD AUTO CACHE STRING "Build ringscope record: ON, OFF, or AUTO (where its libraries are)")
set_property(CACHE RINGSCOPE_RECORD PROPERTY STRINGS AUTO ON OFF)

find_program(RINGSCOPE_BPF_CLANG clang)
find_program(RINGSCOPE_BPFTOOL bpftool PATHS /usr/sbin /sbin)
find_path(RINGSCOPE_BPF_INCLUDE bpf/libbpf.h)
find_path(RINGSCOPE_SECCOMP_INCLUDE seccomp.h)
foreach(library bpf elf z seccomp)
    find_library(RINGSCOPE_LIB_${library} ${library})
    mark_as_advanced(RINGSCOPE_LIB_${library})
endforeach()
mark_as_advanced(RINGSCOPE_BPF_CLANG RINGSCOPE_BPFTOOL RINGSCOPE_BPF_INCLUDE RINGSCOPE_SECCOMP_INCLUDE)

# The Debian names of the missing packages.
function(ringscope_record_missing result)
    set(missing "")
    set(needed
        RINGSCOPE_BPF_CLANG clang RINGSCOPE_BPFTOOL bpftool RINGSCOPE_BPF_INCLUDE libbpf-dev
        RINGSCOPE_LIB_bpf libbpf-dev RINGSCOPE_LIB_elf libelf-dev RINGSCOPE_LIB_z zlib1g-dev
        RINGSCOPE_SECCOMP_INCLUDE libseccomp-dev RINGSCOPE_LIB_seccomp libseccomp-dev)
    while(needed)
        list(POP_FRONT needed variable package)
        if(NOT ${variable})
            list(APPEND missing ${package})
        endif()
    endwhile()
    list(REMOVE_DUPLICATES missing)
    list(JOIN missing " " missing)
    set(${result} "${missing}" PARENT_SCOPE)
endfunction()

# The processor's name in libbpf's headers; empty if arch.bpf.h has no table for it yet.
set(bpf_arch "")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
    set(bpf_arch x86)
endif()

ringscope_record_missing(record_missing)
if(NOT CMAKE_SYSTEM_NAME STREQUAL Linux OR NOT bpf_arch)
    set(record_missing "Linux on x86-64")
elseif(RINGSCOPE_RECORD STREQUAL OFF)
    set(record_missing "to be built with RINGSCOPE_RECORD")
elseif(record_missing)
    set(record_missing "to be built with ${record_missing}")
endif()
if(RINGSCOPE_RECORD STREQUAL ON AND record_missing)
    message(FATAL_ERROR "ringscope record needs ${record_missing}")
endif()

if(NOT record_missing)
    set(record_source ${CMAKE_CURRENT_LIST_DIR})
    set(record_binary ${CMAKE_CURRENT_BINARY_DIR}/record)
    file(MAKE_DIRECTORY ${record_binary})
    file(GLOB bpf_headers CONFIGURE_DEPENDS ${record_source}/bpf/*.bpf.h ${record_source}/kernel_event.h
        ${record_source}/stack_event.h ${record_source}/gather.h ${record_source}/gather_pieces.h)
    set(bpf_options -g -O2 -target bpf -D__TARGET_ARCH_${bpf_arch} -isystem ${RINGSCOPE_BPF_INCLUDE}
        -Wall -Wextra -Wno-unused-parameter -Wno-missing-declarations $<$<BOOL:${RINGSCOPE_WERROR}>:-Werror>)
    if(CMAKE_LIBRARY_ARCHITECTURE)
        list(APPEND bpf_options -isystem /usr/include/${CMAKE_LIBRARY_ARCHITECTURE})
    endif()
    foreach(object IN ITEMS trace functions stacks sched)
        add_custom_command(
            OUTPUT ${record_binary}/${object}.bpf.o
            COMMAND ${RINGSCOPE_BPF_CLANG} ${bpf_options} -c ${record_source}/bpf/${object}.bpf.c
                -o ${record_binary}/${object}.bpf.o
            DEPENDS ${record_source}/bpf/${object}.bpf.c ${bpf_headers}
            VERBATIM)
    endforeach()
    # For libbpf, and for the kernel to load itself; see bpf/programs.h. They are generated, so clang-tidy leaves them
    # alone.
    foreach(skeleton IN ITEMS "trace trace.skel.h trace_bpf" "trace trace_light.h trace_light -L"
            "functions functions.skel.h functions_bpf" "stacks stacks.skel.h stacks_bpf" "sched sched.skel.h sched_bpf")
        separate_arguments(skeleton)
        list(POP_FRONT skeleton object header name)
        add_custom_command(
            OUTPUT ${record_binary}/${header}
            COMMAND ${CMAKE_COMMAND} -E echo "/* NOLINTBEGIN */" > ${record_binary}/${header}
            COMMAND ${RINGSCOPE_BPFTOOL} gen skeleton ${skeleton} ${record_binary}/${object}.bpf.o name ${name}
                >> ${record_binary}/${header}
            COMMAND ${CMAKE_COMMAND} -E echo "/* NOLINTEND */" >> ${record_binary}/${header}
            DEPENDS ${record_binary}/${object}.bpf.o
            VERBATIM)
    endforeach()

    # Words for flags: from the kernel's headers and from libc's, compiled separately because they conflict.
    set(words_source ${record_source}/words)
    foreach(from kernel libc)
        add_custom_command(
            OUTPUT ${record_binary}/words_${from}.c
            COMMAND sh ${words_source}/words.sh ${CMAKE_C_COMPILER} ${words_source}/words.txt ${from}
                ${record_binary}/words_${from}.c
            DEPENDS ${words_source}/words.sh ${words_source}/words.txt
            VERBATIM)
    endforeach()
    set(record_words ${record_binary}/words_kernel.c ${record_binary}/words_libc.c)

    file(GLOB record_sources CONFIGURE_DEPENDS ${record_source}/*.c ${record_source}/words/*.c ${record_source}/bpf/*.c
        ${record_source}/ptrace/*.c)
    list(FILTER record_sources EXCLUDE REGEX "(\\.bpf|absent)\\.c$")
    add_library(ringscope_record STATIC ${record_sources} ${record_words}
        ${record_binary}/trace.skel.h ${record_binary}/trace_light.h ${record_binary}/functions.skel.h
        ${record_binary}/stacks.skel.h ${record_binary}/sched.skel.h)
    ringscope_target(ringscope_record)
    target_compile_definitions(ringscope_record PRIVATE _GNU_SOURCE)
    target_include_directories(ringscope_record PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
    target_include_directories(ringscope_record SYSTEM PRIVATE
        ${record_binary} ${RINGSCOPE_BPF_INCLUDE} ${RINGSCOPE_SECCOMP_INCLUDE})
    target_include_directories(ringscope_record PRIVATE ${words_source})
    target_link_libraries(ringscope_record PUBLIC ringscope::static ringscope_call_categories PRIVATE
        ${RINGSCOPE_LIB_bpf} ${RINGSCOPE_LIB_elf} ${RINGSCOPE_LIB_z} ${RINGSCOPE_LIB_seccomp})
else()
    message(STATUS "ringscope record needs ${record_missing}: left out")
    add_library(ringscope_record STATIC ${CMAKE_CURRENT_LIST_DIR}/absent.c)
    ringscope_target(ringscope_record)
    target_compile_definitions(ringscope_record PRIVATE RINGSCOPE_RECORD_MISSING="${record_missing}")
    target_include_directories(ringscope_record PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
    target_link_libraries(ringscope_record PUBLIC ringscope::static)
    set_target_properties(ringscope_record PROPERTIES RINGSCOPE_ABSENT ON)
endif()
