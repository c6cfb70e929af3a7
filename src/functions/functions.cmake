# libringscope_functions: the hooks for code compiled with -finstrument-functions. Left out if the compiler cannot tell
# where the caller's stack was, and where there is no ELF.

include(CheckCSourceCompiles)
check_c_source_compiles("#include <link.h>
    ElfW(Ehdr) header; int main(void) { return !__builtin_dwarf_cfa() + (int)header.e_phnum; }" RINGSCOPE_HAS_FUNCTIONS)
# The target of a jump is only known for glibc on x86-64.
check_c_source_compiles("#include <setjmp.h>
    #if !defined(__x86_64__) || !defined(__GLIBC__) || defined(__ILP32__)
    #error no
    #endif
    int main(void) { jmp_buf to; return (int)to[0].__jmpbuf[6]; }" RINGSCOPE_KNOWS_JUMPS)

function(ringscope_functions_library target type)
    file(GLOB sources CONFIGURE_DEPENDS functions/*.c)
    list(FILTER sources EXCLUDE REGEX "/left_")
    add_library(${target} ${type} ${sources})
    ringscope_target(${target})
    target_compile_options(${target} PRIVATE -fno-semantic-interposition)
    target_compile_definitions(${target} PRIVATE $<$<COMPILE_LANGUAGE:C>:_GNU_SOURCE=>)
    target_link_libraries(${target} PRIVATE Threads::Threads ${CMAKE_DL_LIBS})
    set_target_properties(${target} PROPERTIES OUTPUT_NAME ringscope_functions LINKER_LANGUAGE C
        ARCHIVE_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR} LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
endfunction()

set(ringscope_functions_wrap "")
if(RINGSCOPE_HAS_FUNCTIONS AND RINGSCOPE_KNOWS_JUMPS)
    foreach(name longjmp _longjmp siglongjmp __longjmp_chk __gxx_personality_v0)
        list(APPEND ringscope_functions_wrap -Wl,--wrap=${name})
    endforeach()
endif()
if(RINGSCOPE_HAS_FUNCTIONS)
    ringscope_functions_library(ringscope_functions_static STATIC)
    add_library(ringscope::functions_static ALIAS ringscope_functions_static)
    set_target_properties(ringscope_functions_static PROPERTIES EXPORT_NAME functions_static)
    target_link_libraries(ringscope_functions_static PUBLIC ringscope_static)
    target_link_options(ringscope_functions_static INTERFACE ${ringscope_functions_wrap})
    if(RINGSCOPE_KNOWS_JUMPS)
        target_sources(ringscope_functions_static PRIVATE functions/left_static.c functions/left_static_cxx.c)
    endif()
endif()
if(RINGSCOPE_HAS_FUNCTIONS AND NOT PROJECT_IS_TOP_LEVEL)
    set_target_properties(ringscope_functions_static PROPERTIES EXCLUDE_FROM_ALL ON)
endif()
if(RINGSCOPE_HAS_FUNCTIONS AND TARGET ringscope_shared)
    ringscope_functions_library(ringscope_functions_shared SHARED)
    add_library(ringscope::functions ALIAS ringscope_functions_shared)
    set_target_properties(ringscope_functions_shared PROPERTIES EXPORT_NAME functions
        VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
        EXPORT_COMPILE_COMMANDS OFF) # the same sources again
    target_link_libraries(ringscope_functions_shared PUBLIC ringscope_shared)
    target_link_options(ringscope_functions_shared PRIVATE -Wl,--as-needed -Wl,-z,nodelete)
    if(RINGSCOPE_KNOWS_JUMPS)
        target_sources(ringscope_functions_shared PRIVATE functions/left_shared.c)
        # When fortified, longjmp() is another name for __longjmp_chk().
        set_source_files_properties(functions/left_shared.c functions/left_static.c PROPERTIES COMPILE_OPTIONS -U_FORTIFY_SOURCE)
    endif()
endif()
