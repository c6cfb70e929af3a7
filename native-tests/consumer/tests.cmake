# The library as its users have it: installed, and from outside the tree.

if(TARGET ringscope_shared)
    set(consumer ${CMAKE_CURRENT_SOURCE_DIR}/consumer)
    add_test(NAME install COMMAND sh ${consumer}/install.sh ${PROJECT_BINARY_DIR} ${PROJECT_BINARY_DIR}/tests/install)
    add_test(NAME exports COMMAND sh ${consumer}/exports.sh
        $<TARGET_FILE:ringscope_shared> ${PROJECT_SOURCE_DIR}/src/ringscope.h)
    add_test(NAME header COMMAND sh ${consumer}/header.sh
        ${PROJECT_SOURCE_DIR}/src/ringscope.h ${consumer} ${PROJECT_BINARY_DIR}/tests/header)
    add_test(NAME examples COMMAND sh ${consumer}/examples.sh ${PROJECT_SOURCE_DIR}/README.md
        ${PROJECT_SOURCE_DIR}/src/ringscope.h $<TARGET_FILE:ringscope_static> ${PROJECT_BINARY_DIR}/tests/readme)
    set_tests_properties(install exports header examples PROPERTIES LABELS consumer TIMEOUT ${timeout_default})
endif()

if(TARGET ringscope_cli)
    add_test(NAME version COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/consumer/version.sh
        ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR} $<TARGET_FILE:ringscope_cli>)
    set_tests_properties(version PROPERTIES LABELS consumer TIMEOUT ${timeout_default})
endif()

# The library as one file, by each compiler that is here.
foreach(tool gcc clang g++ musl i686 emcc)
    add_test(NAME amalgamation_${tool} COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/consumer/amalgamation.sh ${tool}
        ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/build/cjson-src/cjson $<TARGET_FILE:ringscope_static>
        ${PROJECT_BINARY_DIR}/tests/amalgamation-${tool})
    set_tests_properties(amalgamation_${tool} PROPERTIES LABELS consumer TIMEOUT ${timeout_default} SKIP_RETURN_CODE 77)
endforeach()
