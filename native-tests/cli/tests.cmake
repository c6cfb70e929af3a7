# The command in its own processes: what it prints and how it ends.

if(TARGET ringscope_cli)
    ringscope_program(cli_writer SOURCES cli/writer.c LINK ringscope::static DIRECTORY tests)
    set_target_properties(cli_writer PROPERTIES OUTPUT_NAME writer)
    add_test(NAME cli COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/cli/run.sh
        $<TARGET_FILE:ringscope_cli> $<TARGET_FILE:cli_writer> ${PROJECT_BINARY_DIR}/tests/cli)
    add_test(NAME cli_manual COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/cli/manual.sh
        $<TARGET_FILE:ringscope_cli> ${PROJECT_BINARY_DIR}/tests/cli-manual)
    add_test(NAME cli_completion COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/cli/completion.sh
        $<TARGET_FILE:ringscope_cli> ${PROJECT_BINARY_DIR}/tests/cli-completion)
    ringscope_program(cli_http SOURCES cli/http.c LINK ringscope::static DIRECTORY tests)
    set_target_properties(cli_http PROPERTIES OUTPUT_NAME http)
    add_test(NAME cli_view COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/cli/view.sh
        $<TARGET_FILE:ringscope_cli> $<TARGET_FILE:cli_writer> $<TARGET_FILE:cli_http>
        ${PROJECT_BINARY_DIR}/tests/cli-view $<TARGET_PROPERTY:ringscope_cli,RINGSCOPE_SERVES>)
    add_test(NAME cli_report COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/cli/report.sh
        $<TARGET_FILE:ringscope_cli> ${PROJECT_BINARY_DIR}/tests/cli-report $<TARGET_PROPERTY:ringscope_cli,RINGSCOPE_COMPRESSES>)
    set_tests_properties(cli cli_manual cli_completion cli_view cli_report PROPERTIES LABELS cli TIMEOUT ${timeout_default})
endif()
