# The command in its own processes: what it prints and how it ends. Each case of the scripts is a test.

if(TARGET ringscope_cli)
    set(cli ${CMAKE_CURRENT_SOURCE_DIR}/cli)
    ringscope_program(cli_writer SOURCES cli/writer.c LINK ringscope::static DIRECTORY tests)
    set_target_properties(cli_writer PROPERTIES OUTPUT_NAME writer)
    ringscope_program(cli_http SOURCES cli/http.c LINK ringscope::static DIRECTORY tests)
    set_target_properties(cli_http PROPERTIES OUTPUT_NAME http)

    ringscope_cases(cases "^run ([a-z0-9_]+)" ${cli}/cases.sh)
    ringscope_cases(functions "^case_([a-z0-9_]+)\\(\\)" ${cli}/pipes.sh ${cli}/damage.sh ${cli}/live.sh)
    foreach(name IN LISTS cases functions)
        ringscope_test(cli_${name} LABEL cli NEEDS ringscope_cli cli_writer probe
            COMMAND sh ${cli}/run.sh ${name} $<TARGET_FILE:ringscope_cli> $<TARGET_FILE:cli_writer>
                $<TARGET_FILE:probe> ${PROJECT_BINARY_DIR}/tests/cli-${name})
    endforeach()

    ringscope_test(cli_manual LABEL cli NEEDS ringscope_cli
        COMMAND sh ${cli}/manual.sh $<TARGET_FILE:ringscope_cli> ${PROJECT_BINARY_DIR}/tests/cli-manual)
    ringscope_test(cli_completion LABEL cli NEEDS ringscope_cli
        COMMAND bash ${cli}/completion.sh $<TARGET_FILE:ringscope_cli> ${PROJECT_BINARY_DIR}/tests/cli-completion)
    ringscope_test(cli_recipes LABEL cli NEEDS ringscope_cli
        COMMAND sh ${cli}/recipes.sh $<TARGET_FILE:ringscope_cli> ${PROJECT_SOURCE_DIR}/docs/recipes
            ${PROJECT_BINARY_DIR}/tests/cli-recipes)

    # "absent" is what they say where the command was built without a library.
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
    get_target_property(compresses ringscope_cli RINGSCOPE_COMPRESSES)
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
