# Runs PROGRAM and compares its output with the file EXPECTED: cmake -DPROGRAM=… -DEXPECTED=… -P compare.cmake
execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE printed RESULT_VARIABLE result)
if(NOT result EQUAL 0)
    message(FATAL_ERROR "${PROGRAM} ended with ${result}")
endif()
file(READ ${EXPECTED} expected)
if(NOT printed STREQUAL expected)
    message(FATAL_ERROR "expected, as in ${EXPECTED}:\n${expected}\nprinted:\n${printed}")
endif()
