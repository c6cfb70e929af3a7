# The command in its own processes: its output and exit codes. Each case of the scripts is a test.

if(TARGET ringscope_cli)
    set(cli ${CMAKE_CURRENT_SOURCE_DIR}/cli)
    ringscope_program(cli_writer SOURCES cli/writer.c LINK ringscope::static DIRECTORY tests)
    set_target_properties(cli_writer PROPERTIES OUTPUT_NAME writer)
    ringscope_program(cli_http SOURCES cli/http.c LINK ringscope::static DIRECTORY tests)
    set_target_properties(cli_http PROPERTIES OUTPUT_NAME http)
    ringscope_program(cli_put_server SOURCES cli/put_server.c DIRECTORY tests)
    set_target_properties(cli_put_server PROPERTIES OUTPUT_NAME put_server)

    ringscope_cases(cases "^run ([a-z0-9_]+)" ${cli}/cases.sh)
    ringscope_cases(functions "^case_([a-z0-9_]+)\\(\\)" ${cli}/pipes.sh ${cli}/output.sh ${cli}/unwritable.sh ${cli}/damage.sh
        ${cli}/live.sh ${cli}/hostile.sh ${cli}/extract.sh
        ${cli}/faults.sh ${cli}/metrics.sh ${cli}/mcp.sh ${cli}/segment.sh ${cli}/ship.sh ${cli}/touch.sh)
    if(RINGSCOPE_SANITIZE)
        list(FILTER functions EXCLUDE REGEX "^(faults|ship_killed|touch)") # the sanitizers' own calls would fail as well
    else()
        include(CheckSymbolExists)
        check_symbol_exists(__GLIBC__ features.h RINGSCOPE_WITH_GLIBC)
        if(RINGSCOPE_WITH_GLIBC)
            set(failing cli_failing)
            add_library(cli_failing MODULE cli/failing.c cli/failing_calls.c cli/failing_files.c)
            ringscope_target(cli_failing)
            target_compile_definitions(cli_failing PRIVATE _GNU_SOURCE)
            target_link_libraries(cli_failing PRIVATE ${CMAKE_DL_LIBS})
            set_target_properties(cli_failing PROPERTIES PREFIX "" OUTPUT_NAME failing
                LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
        endif()
    endif()
    foreach(name IN LISTS cases functions)
        ringscope_test(cli_${name} LABEL cli NEEDS ringscope_cli cli_writer cli_put_server probe ${failing}
            COMMAND sh ${cli}/run.sh ${name} $<TARGET_FILE:ringscope_cli> $<TARGET_FILE:cli_writer>
                $<TARGET_FILE:probe> ${PROJECT_BINARY_DIR}/tests/cli-${name})
    endforeach()

    foreach(case content groff mandoc)
        ringscope_test(cli_manual_${case} LABEL cli NEEDS ringscope_cli
            COMMAND sh ${cli}/manual.sh ${case} $<TARGET_FILE:ringscope_cli>
                ${PROJECT_BINARY_DIR}/tests/cli-manual-${case})
    endforeach()
    get_target_property(compresses ringscope_cli RINGSCOPE_COMPRESSES)
    ringscope_cases(names "^case_([a-z0-9_]+)\\(\\)" ${cli}/export.sh)
    foreach(name IN LISTS names)
        ringscope_test(cli_export_as_${name} LABEL cli NEEDS ringscope_cli
            COMMAND sh ${cli}/export.sh ${name} $<TARGET_FILE:ringscope_cli> ${PROJECT_SOURCE_DIR}/../shared/tools
                ${compresses} ${PROJECT_BINARY_DIR}/tests/cli-export-as-${name})
    endforeach()
    foreach(shell bash zsh fish)
        ringscope_test(cli_completion_${shell} LABEL cli NEEDS ringscope_cli
            COMMAND bash ${cli}/completion.sh ${shell} $<TARGET_FILE:ringscope_cli>
                ${PROJECT_BINARY_DIR}/tests/cli-completion-${shell})
    endforeach()
    get_target_property(asks ringscope_cli RINGSCOPE_ASKS)
    set(marks test test=record)
    if(asks)
        list(APPEND marks test=sql)
    endif()
    foreach(mark IN LISTS marks)
        string(REPLACE test cli_recipes name ${mark})
        string(REPLACE = _ name ${name})
        ringscope_test(${name} LABEL cli NEEDS ringscope_cli
            COMMAND sh ${cli}/recipes.sh ${mark} $<TARGET_FILE:ringscope_cli> ${PROJECT_SOURCE_DIR}/docs/recipes
                ${PROJECT_BINARY_DIR}/tests/${name})
    endforeach()

    # "absent" is their output if the command was built without a library.
    get_target_property(serves ringscope_cli RINGSCOPE_SERVES)
    ringscope_cases(names "^case_([a-z0-9_]+)\\(\\)" ${cli}/view.sh)
    if(serves)
        list(REMOVE_ITEM names absent)
    endif()
    foreach(name IN LISTS names)
        ringscope_test(cli_view_${name} LABEL cli NEEDS ringscope_cli cli_writer cli_http
            COMMAND sh ${cli}/view.sh ${name} $<TARGET_FILE:ringscope_cli> $<TARGET_FILE:cli_writer>
                $<TARGET_FILE:cli_http> ${serves} ${PROJECT_BINARY_DIR}/tests/cli-view-${name})
    endforeach()
    ringscope_cases(names "^case_([a-z0-9_]+)\\(\\)" ${cli}/query.sh)
    if(asks)
        list(REMOVE_ITEM names absent)
    else()
        set(names absent)
    endif()
    foreach(name IN LISTS names)
        ringscope_test(cli_query_${name} LABEL cli NEEDS ringscope_cli
            COMMAND sh ${cli}/query.sh ${name} $<TARGET_FILE:ringscope_cli> ${asks} ${PROJECT_BINARY_DIR}/tests/cli-query-${name})
    endforeach()
    ringscope_cases(names "^case_([a-z0-9_]+)\\(\\)" ${cli}/report.sh)
    if(compresses)
        list(REMOVE_ITEM names absent)
    endif()
    foreach(name IN LISTS names)
        ringscope_test(cli_report_${name} LABEL cli NEEDS ringscope_cli
            COMMAND sh ${cli}/report.sh ${name} $<TARGET_FILE:ringscope_cli> ${compresses}
                ${PROJECT_BINARY_DIR}/tests/cli-report-${name})
    endforeach()
endif()
