# libringscope_functions: programs whose calls are known, compiled with its hooks, compared with hooks that only count,
# and with uftrace.

set(functions ${CMAKE_CURRENT_SOURCE_DIR}/functions)
get_target_property(finds_symbols ringscope_cli RINGSCOPE_FINDS_SYMBOLS)

# The compiler, the level, the linkage and the language are the words of "how"; with libraries compiled for sanitizers,
# programs are as well.
function(ringscope_functions_compared how)
    separate_arguments(how)
    list(JOIN how _ name)
    string(REPLACE "+" x name ${name})
    list(POP_BACK how language)
    set(needs ringscope_functions_static ringscope_static)
    if("shared" IN_LIST how)
        list(APPEND needs ringscope_functions_shared ringscope_shared)
    endif()
    ringscope_test(functions_${name} LABEL functions NEEDS ringscope_cli ${needs}
        COMMAND sh ${functions}/compare.sh ${how} ${functions}/subject.${language} $<TARGET_FILE:ringscope_cli>
            ${PROJECT_BINARY_DIR} ${PROJECT_BINARY_DIR}/tests/functions-${name} ${RINGSCOPE_SANITIZE})
endfunction()

if(TARGET ringscope_functions_shared AND finds_symbols)
    foreach(how "gcc O0 shared c" "gcc O2 static c" "clang O2 shared c" "g++ O2 shared cpp" "clang++ O0 static cpp")
        ringscope_functions_compared("${how}")
    endforeach()
    foreach(program lua sqlite cpp)
        ringscope_test(functions_uftrace_${program} LABEL functions
            NEEDS ringscope_cli ringscope_functions_shared ringscope_shared
            COMMAND sh ${functions}/uftrace.sh ${program} $<TARGET_FILE:ringscope_cli> ${PROJECT_BINARY_DIR}
                ${PROJECT_SOURCE_DIR}/build ${PROJECT_BINARY_DIR}/tests/functions-uftrace-${program})
    endforeach()
    ringscope_test(functions_settings LABEL functions NEEDS ringscope_cli ringscope_functions_shared ringscope_shared
        COMMAND sh ${functions}/settings.sh $<TARGET_FILE:ringscope_cli> ${PROJECT_BINARY_DIR}
            ${PROJECT_BINARY_DIR}/tests/functions-settings)
    ringscope_test(functions_recipe LABEL functions NEEDS ringscope_installed ringscope_shell
        COMMAND sh ${functions}/recipe.sh ${PROJECT_BINARY_DIR} ${PROJECT_SOURCE_DIR}/docs/recipes
            ${PROJECT_BINARY_DIR}/tests/functions-recipe)
elseif(TARGET ringscope_functions_static AND finds_symbols AND RINGSCOPE_SANITIZE MATCHES address)
    foreach(how "clang O2 static c" "clang++ O0 static cpp")
        ringscope_functions_compared("${how}")
    endforeach()
    ringscope_test(functions_settings LABEL functions NEEDS ringscope_cli ringscope_functions_static ringscope_static
        COMMAND sh ${functions}/settings.sh $<TARGET_FILE:ringscope_cli> ${PROJECT_BINARY_DIR}
            ${PROJECT_BINARY_DIR}/tests/functions-settings ${RINGSCOPE_SANITIZE})
endif()
