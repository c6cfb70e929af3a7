# Everything built on the library: timeline, toy kernel, examples and command; modules and JavaScript.

# --------------------------------------------------------- names of system calls

# Separate from the library, which does not need them: for record, and for importing other tools' recordings.
add_library(ringscope_call_categories STATIC base/calls/call_categories.c base/calls/call_index.c)
ringscope_target(ringscope_call_categories)
target_include_directories(ringscope_call_categories PUBLIC ${public_include})

# ----------------------------------------------------------------- timeline

# For the page, the command and tests; it reads images with the library's internal headers.
file(GLOB timeline_sources CONFIGURE_DEPENDS timeline/*.c timeline/query/*.c timeline/import/*.c)
if(timeline_sources)
    add_library(ringscope_timeline STATIC ${timeline_sources})
    ringscope_target(ringscope_timeline)
    target_compile_definitions(ringscope_timeline PRIVATE $<$<COMPILE_LANGUAGE:C>:_GNU_SOURCE=>)
    target_include_directories(ringscope_timeline PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
    target_link_libraries(ringscope_timeline PUBLIC ringscope::static ringscope_call_categories)
    if(RINGSCOPE_PLATFORM STREQUAL native)
        target_link_libraries(ringscope_timeline PUBLIC m)
        # A twelfth faster for Trace Event JSON, the format that people have gigabytes of. Debug builds are as they were.
        file(GLOB hot_imports CONFIGURE_DEPENDS timeline/import/chrome*.c)
        set_source_files_properties(${hot_imports} timeline/builder.c timeline/builder_tracks.c PROPERTIES COMPILE_OPTIONS
            $<$<CONFIG:Release,RelWithDebInfo>:-O3>)
    else()
        target_compile_options(ringscope_timeline PRIVATE -msimd128) # for platform/find_byte.h: Chrome 91, Firefox 89, Safari 16.4
        # Trace Event JSON must be fast in the page; the code of the other formats is downloaded more often than run.
        file(GLOB seldom_imports CONFIGURE_DEPENDS timeline/import/*.c)
        list(FILTER seldom_imports EXCLUDE REGEX "/chrome_(event|item|number|parse|text)\\.c$")
        file(GLOB seldom_asked CONFIGURE_DEPENDS timeline/query/*pars*.c timeline/query/regexp_characters.c)
        set_source_files_properties(${seldom_imports} ${seldom_asked} timeline/as_image.c timeline/as_image_tables.c timeline/as_image_texts.c timeline/merge.c
            timeline/empty_spans.c timeline/live.c timeline/live_compact.c timeline/notes.c timeline/outliers.c timeline/sources.c timeline/histogram.c
            timeline/sampled.c timeline/load_facts.c timeline/lives.c timeline/stack.c timeline/flows.c timeline/measure.c timeline/tree_turned.c timeline/find.c
            timeline/name_counts.c timeline/live_build.c timeline/live_store.c timeline/timeline.c timeline/texts.c
            PROPERTIES COMPILE_OPTIONS -Oz)
    endif()
    if(RINGSCOPE_FUZZ)
        target_sources(ringscope_fuzzed PRIVATE ${timeline_sources} base/calls/call_categories.c
            base/calls/call_index.c)
        target_link_libraries(ringscope_fuzzed PRIVATE m)
    endif()
endif()

# ----------------------------------------------------- examples and command

if(RINGSCOPE_PLATFORM STREQUAL native)
    file(GLOB toy_kernel_sources CONFIGURE_DEPENDS toy_kernel/*.c)
    file(GLOB example_programs CONFIGURE_DEPENDS examples/*.c)

    if(toy_kernel_sources)
        add_library(ringscope_toy_kernel STATIC ${toy_kernel_sources})
        ringscope_target(ringscope_toy_kernel)
        target_include_directories(ringscope_toy_kernel PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}/toy_kernel)
        target_link_libraries(ringscope_toy_kernel PUBLIC ringscope::static)
    endif()

    foreach(source IN LISTS example_programs)
        cmake_path(GET source STEM name)
        ringscope_program(ringscope_${name} SOURCES ${source} LINK $<TARGET_NAME_IF_EXISTS:ringscope_toy_kernel> ringscope::static
            DIRECTORY examples)
        set_target_properties(ringscope_${name} PROPERTIES OUTPUT_NAME ${name})
    endforeach()

    include(capture/capture.cmake)

    # view serves its page with libmicrohttpd, report compresses with zlib, query uses SQLite; without them they report
    # that.
    file(GLOB cli_sources CONFIGURE_DEPENDS cli/*.c)
    find_package(PkgConfig QUIET)
    if(PkgConfig_FOUND)
        pkg_check_modules(RINGSCOPE_MICROHTTPD QUIET IMPORTED_TARGET libmicrohttpd>=0.9.71)
        pkg_check_modules(RINGSCOPE_ZLIB QUIET IMPORTED_TARGET zlib)
        pkg_check_modules(RINGSCOPE_SQLITE QUIET IMPORTED_TARGET sqlite3>=3.38) # sqlite3_error_offset()
    endif()
    # libmicrohttpd is loaded by name, once view needs it.
    if(RINGSCOPE_MICROHTTPD_FOUND)
        execute_process(COMMAND ${CMAKE_READELF} -d ${RINGSCOPE_MICROHTTPD_LINK_LIBRARIES}
            OUTPUT_VARIABLE microhttpd ERROR_QUIET)
        string(REGEX MATCH "SONAME[^[]*\\[([^]]+)\\]" microhttpd "${microhttpd}")
        set(microhttpd "${CMAKE_MATCH_1}")
    endif()
    if(microhttpd)
        set(serves yes)
        list(FILTER cli_sources EXCLUDE REGEX "/server_absent\\.c$")
    else()
        set(serves no)
        message(STATUS "ringscope view needs libmicrohttpd (Debian: libmicrohttpd-dev): left out")
        list(FILTER cli_sources EXCLUDE REGEX "/(server|http_library)\\.c$")
    endif()
    file(GLOB export_sources CONFIGURE_DEPENDS export/parquet/*.c export/compress/*.c)
    if(RINGSCOPE_ZLIB_FOUND)
        set(compresses yes)
        list(FILTER cli_sources EXCLUDE REGEX "/gzip_absent\\.c$")
    else()
        set(compresses no)
        message(STATUS "ringscope report needs zlib (Debian: zlib1g-dev): left out")
        list(FILTER cli_sources EXCLUDE REGEX "/gzip\\.c$")
        list(FILTER export_sources EXCLUDE REGEX "/compress\\.c$")
    endif()
    file(GLOB sql_sources CONFIGURE_DEPENDS cli/sql/*.c)
    if(RINGSCOPE_SQLITE_FOUND)
        set(asks yes)
        list(FILTER sql_sources EXCLUDE REGEX "/absent\\.c$")
    else()
        set(asks no)
        message(STATUS "ringscope query needs SQLite 3.38 (Debian: libsqlite3-dev): left out")
        list(FILTER sql_sources INCLUDE REGEX "/absent\\.c$")
    endif()
    # ship sends to URLs through a separate program, so that no other command loads libcurl's dependencies.
    if(PkgConfig_FOUND)
        pkg_check_modules(RINGSCOPE_CURL QUIET IMPORTED_TARGET libcurl>=7.85) # CURLOPT_PROTOCOLS_STR
    endif()
    if(RINGSCOPE_CURL_FOUND)
        ringscope_program(ringscope_put SOURCES cli/put/put.c LINK PkgConfig::RINGSCOPE_CURL)
        set_target_properties(ringscope_put PROPERTIES OUTPUT_NAME ringscope-put)
    else()
        message(STATUS "ringscope ship to a URL needs libcurl 7.85 (Debian: libcurl4-openssl-dev): left out")
    endif()
    # libdw gives names to functions that were recorded as addresses.
    if(PkgConfig_FOUND)
        pkg_check_modules(RINGSCOPE_DW QUIET IMPORTED_TARGET libdw)
    endif()
    if(RINGSCOPE_DW_FOUND)
        set(finds_symbols yes)
        list(FILTER cli_sources EXCLUDE REGEX "/(symbols|frames)_absent\\.c$")
    else()
        set(finds_symbols no)
        message(STATUS "names of functions need libdw (Debian: libdw-dev): left out")
        list(FILTER cli_sources EXCLUDE REGEX "/((symbols|frames)_elf|elf_file)\\.c$")
    endif()
    if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/cli/main.c)
        ringscope_program(ringscope_cli SOURCES ${cli_sources} ${sql_sources} ${export_sources}
            LINK $<TARGET_NAME_IF_EXISTS:ringscope_toy_kernel>
                $<TARGET_NAME_IF_EXISTS:PkgConfig::RINGSCOPE_ZLIB> $<TARGET_NAME_IF_EXISTS:PkgConfig::RINGSCOPE_SQLITE>
                $<TARGET_NAME_IF_EXISTS:PkgConfig::RINGSCOPE_DW> ${CMAKE_DL_LIBS} ringscope_record ringscope_timeline
                ringscope::static)
        target_compile_definitions(ringscope_cli PRIVATE $<$<COMPILE_LANGUAGE:C>:_GNU_SOURCE=>)
        if(serves)
            target_include_directories(ringscope_cli SYSTEM PRIVATE ${RINGSCOPE_MICROHTTPD_INCLUDE_DIRS})
            target_compile_definitions(ringscope_cli PRIVATE RINGSCOPE_MICROHTTPD="${microhttpd}")
        endif()
        set_target_properties(ringscope_cli PROPERTIES OUTPUT_NAME ringscope RINGSCOPE_SERVES ${serves}
            RINGSCOPE_COMPRESSES ${compresses} RINGSCOPE_ASKS ${asks} RINGSCOPE_FINDS_SYMBOLS ${finds_symbols})
        if(TARGET ringscope_put)
            add_dependencies(ringscope_cli ringscope_put)
        endif()
        include(cli/shell.cmake)
    endif()
endif()


if(RINGSCOPE_PLATFORM STREQUAL wasm)
    add_subdirectory(wasm)
endif()
