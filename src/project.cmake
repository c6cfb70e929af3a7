# Shared by every target of this project: warnings, sanitizers, language, output directories.

set(RINGSCOPE_WARNINGS
    -Wall -Wextra -Wconversion -Wno-sign-conversion -Wpointer-arith -Wundef -Wvla -Wwrite-strings
    # In C++, a function with the same name as a struct counts as a shadow, as with struct trace_summary.
    $<$<COMPILE_LANGUAGE:C>:-Wshadow -Wstrict-prototypes -Wmissing-prototypes>)

# For programs and libraries that people use, in our own builds: the recorder may run as root, and readers open hostile
# files. FORTIFY_SOURCE has no effect without optimization, and sanitizers do better.
include(CheckCCompilerFlag)
include(CheckPIESupported)
check_pie_supported(LANGUAGES C)
set(RINGSCOPE_HARDENING "")
if(PROJECT_IS_TOP_LEVEL AND NOT EMSCRIPTEN AND NOT RINGSCOPE_SANITIZE)
    foreach(flag -fstack-protector-strong -fstack-clash-protection -fcf-protection)
        string(MAKE_C_IDENTIFIER "RINGSCOPE_HAS${flag}" has)
        check_c_compiler_flag(${flag} ${has})
        if(${has})
            list(APPEND RINGSCOPE_HARDENING ${flag})
        endif()
    endforeach()
    if(CMAKE_BUILD_TYPE MATCHES "Rel")
        list(APPEND RINGSCOPE_HARDENING -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
    endif()
endif()

# Language, warnings, hardening and sanitizers of one target.
function(ringscope_target target)
    set_target_properties(${target} PROPERTIES
        C_STANDARD 11 C_STANDARD_REQUIRED ON C_EXTENSIONS ON
        CXX_STANDARD 17 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF
        C_VISIBILITY_PRESET hidden)
    # Libraries may become part of a user's shared object.
    if(NOT DEFINED CMAKE_POSITION_INDEPENDENT_CODE AND NOT EMSCRIPTEN)
        set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
    endif()
    # Where off_t would have 32 bits, files above 2 GiB and 64-bit inode numbers would be errors.
    target_compile_definitions(${target} PRIVATE _FILE_OFFSET_BITS=64)
    target_compile_options(${target} PRIVATE ${RINGSCOPE_WARNINGS} $<$<BOOL:${RINGSCOPE_WERROR}>:-Werror>)
    if(RINGSCOPE_HARDENING)
        target_compile_options(${target} PRIVATE ${RINGSCOPE_HARDENING})
        target_link_options(${target} PRIVATE -Wl,-z,relro,-z,now,-z,noexecstack)
    endif()
    if(RINGSCOPE_SANITIZE)
        set(flags -fsanitize=${RINGSCOPE_SANITIZE} -fno-sanitize-recover=all)
        target_compile_options(${target} PRIVATE ${flags} -O1 -fno-omit-frame-pointer)
        target_link_options(${target} PRIVATE ${flags})
    endif()
endfunction()

# An executable, linked with the libraries after LINK: ringscope_program(name SOURCES … LINK … DIRECTORY …).
function(ringscope_program name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "DIRECTORY" "SOURCES;LINK")
    add_executable(${name} ${arg_SOURCES})
    ringscope_target(${name})
    target_link_libraries(${name} PRIVATE ${arg_LINK})
    set_target_properties(${name} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/${arg_DIRECTORY})
endfunction()
