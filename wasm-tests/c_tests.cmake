# The native C tests as WebAssembly, for Node, listed in c_tests.txt: a name, optionally followed by what it needs and
# WebAssembly lacks.

set(cmocka_source ${RINGSCOPE_CMOCKA_SOURCE})
file(CONFIGURE OUTPUT cmocka/config.h CONTENT "#define HAVE_ASSERT_H 1
#define HAVE_INTTYPES_H 1
#define HAVE_MALLOC_H 1
#define HAVE_SETJMP_H 1
#define HAVE_SIGNAL_H 1
#define HAVE_STDARG_H 1
#define HAVE_STDDEF_H 1
#define HAVE_STDINT_H 1
#define HAVE_STDIO_H 1
#define HAVE_STDLIB_H 1
#define HAVE_STRING_H 1
#define HAVE_STRINGS_H 1
#define HAVE_TIME_H 1
#define HAVE_UNISTD_H 1
#define HAVE_STRUCT_TIMESPEC 1
#define HAVE_CLOCK_GETTIME 1
#define HAVE_CLOCK_REALTIME 1
#define HAVE_GCC_THREAD_LOCAL_STORAGE 1
#define WORDS_SIZEOF_VOID_P 4
")
# Third-party code, so our warnings do not apply.
add_library(cmocka STATIC ${cmocka_source}/src/cmocka.c)
target_compile_definitions(cmocka PRIVATE HAVE_CONFIG_H=1 PUBLIC _UINTPTR_T=1 _UINTPTR_T_DEFINED=1)
target_compile_options(cmocka PRIVATE -w)
target_include_directories(cmocka SYSTEM PUBLIC ${cmocka_source}/include PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/cmocka)

# The library's own cJSON leaves out the parser, which tests need: this one comes first.
add_library(cjson_whole STATIC ${RINGSCOPE_CJSON_SOURCE}/cjson/cJSON.c)
target_compile_options(cjson_whole PRIVATE -w)
target_include_directories(cjson_whole SYSTEM PUBLIC ${RINGSCOPE_CJSON_SOURCE})

file(GLOB toy_kernel_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/toy_kernel/*.c)
add_library(ringscope_toy_kernel STATIC ${toy_kernel_sources})
ringscope_target(ringscope_toy_kernel)
target_include_directories(ringscope_toy_kernel PUBLIC ${PROJECT_SOURCE_DIR}/src/toy_kernel)
target_link_libraries(ringscope_toy_kernel PUBLIC ringscope::static)

set(native_tests ${PROJECT_SOURCE_DIR}/native-tests)
file(GLOB_RECURSE c_tests CONFIGURE_DEPENDS ${native_tests}/test_*.c)
file(STRINGS c_tests.txt names)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/c_tests.txt)
list(FILTER names EXCLUDE REGEX ":")
foreach(name IN LISTS names)
    set(source ${c_tests})
    list(FILTER source INCLUDE REGEX "/test_${name}\\.c$")
    if(NOT source)
        message(FATAL_ERROR "wasm-tests/c_tests.txt lists ${name}, but there is no test_${name}.c")
    endif()
    add_executable(c_test_${name} ${source})
    ringscope_target(c_test_${name})
    target_compile_definitions(c_test_${name} PRIVATE $<$<COMPILE_LANGUAGE:C>:_GNU_SOURCE=>)
    target_compile_options(c_test_${name} PRIVATE -UNDEBUG)
    target_include_directories(c_test_${name} PRIVATE ${PROJECT_SOURCE_DIR}/src ${native_tests}/support)
    target_link_libraries(c_test_${name} PRIVATE cjson_whole ringscope_toy_kernel ringscope_timeline ringscope::static cmocka)
    target_link_options(c_test_${name} PRIVATE -sEXIT_RUNTIME -sALLOW_MEMORY_GROWTH -sENVIRONMENT=node
        -Wl,--undefined=export_perfetto)
    set_target_properties(c_test_${name} PROPERTIES
        OUTPUT_NAME test_${name} SUFFIX .js RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests/c)
endforeach()

list(TRANSFORM names PREPEND c_test_)
add_custom_target(c_tests DEPENDS ${names})
