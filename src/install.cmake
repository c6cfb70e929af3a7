# Installation: for find_package, for pkg-config, for emcc, and of the command; and packages.

include(CMakePackageConfigHelpers)
set(config_directory ${CMAKE_INSTALL_LIBDIR}/cmake/ringscope)

install(FILES ringscope.h TYPE INCLUDE)
# Compiled by users who trace a program that calls <emscripten/trace.h>.
install(FILES emscripten/trace.c emscripten/trace.h DESTINATION ${CMAKE_INSTALL_DATADIR}/ringscope/emscripten)
install(TARGETS ringscope_static EXPORT static)
if(RINGSCOPE_PLATFORM STREQUAL wasm)
    install(TARGETS ringscope_mt ringscope_wasm ringscope_wasm_pthread EXPORT static)
endif()
if(TARGET ringscope_functions_static)
    install(TARGETS ringscope_functions_static EXPORT static)
endif()
install(EXPORT static FILE ringscopeStatic.cmake NAMESPACE ringscope:: DESTINATION ${config_directory})
if(TARGET ringscope_shared)
    install(TARGETS ringscope_shared EXPORT shared)
    if(TARGET ringscope_functions_shared)
        install(TARGETS ringscope_functions_shared EXPORT shared)
    endif()
    install(EXPORT shared FILE ringscopeShared.cmake NAMESPACE ringscope:: DESTINATION ${config_directory})
endif()

configure_package_config_file(ringscopeConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/ringscopeConfig.cmake
    INSTALL_DESTINATION ${config_directory} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/ringscopeConfigVersion.cmake
    COMPATIBILITY SameMinorVersion) # until 1.0
install(FILES
    ringscopeDependencies.cmake
    ${CMAKE_CURRENT_BINARY_DIR}/ringscopeConfig.cmake
    ${CMAKE_CURRENT_BINARY_DIR}/ringscopeConfigVersion.cmake
    DESTINATION ${config_directory})

if(TARGET ringscope_cli)
    install(TARGETS ringscope_cli)
    if(TARGET ringscope_put)
        install(TARGETS ringscope_put DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/ringscope)
    endif()
    # The page, if it has been built: ./dev build site.
    install(DIRECTORY ${PROJECT_SOURCE_DIR}/build/web/site DESTINATION ${CMAKE_INSTALL_DATADIR}/ringscope OPTIONAL)
    install(FILES ${PROJECT_SOURCE_DIR}/build/web/report.html DESTINATION ${CMAKE_INSTALL_DATADIR}/ringscope OPTIONAL)
endif()

# -------------------------------------------------------------- pkg-config

# The files find their prefix from their own location, so that `cmake --install --prefix` can choose it.
set(pc_directory ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH pc_to_prefix ${pc_directory} ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" pc_to_prefix ${pc_to_prefix})
file(RELATIVE_PATH pc_libdir ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_LIBDIR})
file(RELATIVE_PATH pc_includedir ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_INCLUDEDIR})
set(pc_private -pthread)
if(NOT ringscope_cjson)
    # Not required as a package: programs that link the shared library need not have it.
    set(pc_private "-lcjson -lm -pthread")
    cmake_path(GET RINGSCOPE_CJSON_LIBRARY PARENT_PATH cjson_directory)
    if(NOT cjson_directory IN_LIST CMAKE_C_IMPLICIT_LINK_DIRECTORIES)
        string(PREPEND pc_private "-L${cjson_directory} ")
    endif()
endif()

# ringscope_pc(name summary libs private-libs), the last for linking statically.
function(ringscope_pc pc_name pc_summary pc_libs pc_libs_private)
    configure_file(ringscope.pc.in ${pc_name}.pc @ONLY)
    install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${pc_name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endfunction()

if(TARGET ringscope_shared)
    ringscope_pc(ringscope "" "-L\${libdir} -lringscope" "${pc_private}")
else()
    ringscope_pc(ringscope "" "-L\${libdir} -lringscope ${pc_private}" "")
endif()
ringscope_pc(ringscope-static ", linked statically" "\${libdir}/libringscope.a ${pc_private}" "")

# Must come before the other library, whose symbols it overrides; the symbols that the linker wraps belong to the static
# one.
if(TARGET ringscope_functions_shared)
    ringscope_pc(ringscope-functions ", its hooks for -finstrument-functions" "-L\${libdir} -lringscope_functions -lringscope"
        "${pc_private}")
endif()
if(TARGET ringscope_functions_static)
    list(JOIN ringscope_functions_wrap " " pc_wrap)
    ringscope_pc(ringscope-functions-static ", its hooks for -finstrument-functions, linked statically"
        "${pc_wrap} \${libdir}/libringscope_functions.a \${libdir}/libringscope.a ${pc_private}" "")
endif()

if(TARGET ringscope_shared AND NOT CMAKE_CROSSCOMPILING)
    install(CODE "set(ringscope_libdir \"${CMAKE_INSTALL_LIBDIR}\")
        set(ringscope_soname \"libringscope.so.${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}\")")
    install(SCRIPT install_loader.cmake)
endif()

# -------------------------------------------------- Emscripten without CMake

# emcc app.c @PREFIX/lib/ringscope.rsp, and for applications with threads @PREFIX/lib/ringscope-pthread.rsp.
if(RINGSCOPE_PLATFORM STREQUAL wasm)
    list(JOIN export_options "\n" lines)
    foreach(variant "" -pthread)
        set(archive libringscope.a)
        if(variant)
            set(archive libringscope-mt.a)
        endif()
        file(GENERATE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/ringscope${variant}.rsp.in CONTENT "${variant}
-I\"@prefix@/${CMAKE_INSTALL_INCLUDEDIR}\"
\"@prefix@/${CMAKE_INSTALL_LIBDIR}/${archive}\"
${lines}
")
        install(CODE "
            get_filename_component(prefix \"\${CMAKE_INSTALL_PREFIX}\" ABSOLUTE)
            configure_file(\"${CMAKE_CURRENT_BINARY_DIR}/ringscope${variant}.rsp.in\"
                \"${CMAKE_CURRENT_BINARY_DIR}/ringscope${variant}.rsp\" @ONLY)")
        install(FILES ${CMAKE_CURRENT_BINARY_DIR}/ringscope${variant}.rsp DESTINATION ${CMAKE_INSTALL_LIBDIR})
    endforeach()
endif()

# ----------------------------------------------------------------- packages

# The contents of packages.
if(TARGET ringscope_cli)
    add_custom_target(ringscope_installed DEPENDS ringscope_static ringscope_cli $<TARGET_NAME_IF_EXISTS:ringscope_shared>
        $<TARGET_NAME_IF_EXISTS:ringscope_functions_static> $<TARGET_NAME_IF_EXISTS:ringscope_functions_shared>
        $<TARGET_NAME_IF_EXISTS:ringscope_shell> $<TARGET_NAME_IF_EXISTS:ringscope_put>)
endif()

# ./dev package: build/packages. dpkg-shlibdeps finds the command's libraries, except for the one that is loaded by name.
set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PACKAGE_NAME ringscope)
set(CPACK_PACKAGE_VENDOR "The ringscope authors")
set(CPACK_PACKAGE_CONTACT "The ringscope authors <ringscope@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGE_FILE_NAME ringscope-${PROJECT_VERSION}-linux-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
find_program(RINGSCOPE_DPKG_QUERY dpkg-query)
mark_as_advanced(RINGSCOPE_DPKG_QUERY)
if(RINGSCOPE_DPKG_QUERY AND RINGSCOPE_MICROHTTPD_FOUND)
    file(REAL_PATH ${RINGSCOPE_MICROHTTPD_LINK_LIBRARIES} loaded)
    execute_process(COMMAND ${RINGSCOPE_DPKG_QUERY} -S ${loaded} OUTPUT_VARIABLE loaded ERROR_QUIET)
    string(REGEX MATCH "^[^:]+" CPACK_DEBIAN_PACKAGE_DEPENDS "${loaded}")
endif()
file(CONFIGURE OUTPUT triggers CONTENT "activate-noawait ldconfig\n")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${CMAKE_CURRENT_BINARY_DIR}/triggers)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS libcjson-dev) # to link libringscope.a
include(CPack)
