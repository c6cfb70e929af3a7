# The library as its users get it: installed, and used from outside the tree.

if(TARGET ringscope_shared)
    set(consumer ${CMAKE_CURRENT_SOURCE_DIR}/consumer)
    ringscope_test(install LABEL consumer NEEDS ringscope_installed ringscope_static ringscope_shared ringscope_cli ringscope_shell
        COMMAND sh ${consumer}/install.sh ${PROJECT_BINARY_DIR} ${PROJECT_BINARY_DIR}/tests/install)
    ringscope_test(exports LABEL consumer NEEDS ringscope_shared
        COMMAND sh ${consumer}/exports.sh $<TARGET_FILE:ringscope_shared> ${PROJECT_SOURCE_DIR}/src/ringscope.h)
    ringscope_test(abi LABEL consumer NEEDS ringscope_shared
        COMMAND sh ${consumer}/abi.sh $<TARGET_FILE:ringscope_shared> ${PROJECT_BINARY_DIR}/include
            ${PROJECT_SOURCE_DIR}/src/abi ${PROJECT_BINARY_DIR}/tests/abi)
    ringscope_test(header LABEL consumer NEEDS ringscope_static
        COMMAND sh ${consumer}/header.sh ${PROJECT_SOURCE_DIR}/src/ringscope.h ${consumer}
            ${PROJECT_BINARY_DIR}/tests/header)
    ringscope_test(examples LABEL consumer NEEDS ringscope_static
        COMMAND sh ${consumer}/examples.sh ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/src/ringscope.h
            $<TARGET_FILE:ringscope_static> ${PROJECT_BINARY_DIR}/tests/readme)
    foreach(compiler gcc clang)
        ringscope_test(tsan_${compiler} LABEL consumer NEEDS ringscope_static ringscope_shared
            COMMAND sh ${consumer}/tsan.sh ${compiler} ${PROJECT_BINARY_DIR}/include $<TARGET_FILE:ringscope_static>
                $<TARGET_FILE:ringscope_shared> ${PROJECT_BINARY_DIR}/tests/tsan-${compiler})
    endforeach()
endif()

if(TARGET ringscope_cli AND TARGET ringscope_shared AND RINGSCOPE_HARDENING)
    ringscope_test(hardening LABEL consumer NEEDS ringscope_cli ringscope_shared
        COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/consumer/hardening.sh "${RINGSCOPE_HARDENING}"
            $<TARGET_FILE:ringscope_cli> $<TARGET_FILE:ringscope_shared>)
endif()

if(TARGET ringscope_cli)
    ringscope_test(version LABEL consumer NEEDS ringscope_cli
        COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/consumer/version.sh ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}
            $<TARGET_FILE:ringscope_cli>)
endif()

ringscope_test(trust LABEL consumer COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/consumer/trust.sh ${PROJECT_SOURCE_DIR}
    NEEDS ringscope_static)

# From a clean folder to a first event, following only README.md; Node tests the other ways.
foreach(how cmake amalgamation)
    ringscope_test(start_${how} LABEL consumer NEEDS ringscope_static
        COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/consumer/start.sh ${how} ${PROJECT_SOURCE_DIR}
            ${PROJECT_BINARY_DIR}/tests/start-${how})
endforeach()

# The packages of ./dev package.
if(TARGET ringscope_shared AND TARGET ringscope_cli)
    ringscope_test(packages LABEL consumer NEEDS ringscope_installed ringscope_static ringscope_shared ringscope_cli ringscope_shell
        COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/consumer/packages.sh ${PROJECT_BINARY_DIR} ${PROJECT_SOURCE_DIR}
            ${PROJECT_BINARY_DIR}/tests/packages)
endif()

# As a part of another project.
foreach(how subdirectory fetch wasm)
    ringscope_test(embed_${how} LABEL consumer NEEDS ringscope_static
        COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/consumer/embed.sh ${how} ${PROJECT_SOURCE_DIR}
            ${PROJECT_BINARY_DIR}/tests/embed-${how})
endforeach()

# The library as one file, with each installed compiler.
foreach(tool gcc clang g++ musl i686 emcc)
    ringscope_test(amalgamation_${tool} LABEL consumer NEEDS ringscope_static
        COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/consumer/amalgamation.sh ${tool} ${PROJECT_SOURCE_DIR}
            ${PROJECT_SOURCE_DIR}/build/cjson-src/cjson $<TARGET_FILE:ringscope_static>
            ${PROJECT_BINARY_DIR}/tests/amalgamation-${tool})
endforeach()
