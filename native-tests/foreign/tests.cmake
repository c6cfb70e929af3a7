# The library on other processors, and images exchanged between them.

ringscope_program(foreign_exchange SOURCES foreign/exchange.c LINK ringscope::static ringscope::cjson DIRECTORY tests)
if(CMAKE_CROSSCOMPILING OR RINGSCOPE_SANITIZE)
    return()
endif()
foreach(machine aarch64-linux-gnu:qemu-aarch64:same s390x-linux-gnu:qemu-s390x:other
        arm-linux-gnueabihf:qemu-arm:same i686-linux-gnu:qemu-i386:same)
    string(REPLACE ":" ";" machine ${machine})
    list(GET machine 0 triple)
    string(REGEX REPLACE "-.*" "" name ${triple})
    ringscope_test(foreign_${name} LABEL foreign NEEDS foreign_exchange
        COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/run.sh ${machine} ${PROJECT_SOURCE_DIR} $<TARGET_FILE:foreign_exchange>
            ${PROJECT_BINARY_DIR}/tests/foreign-${name})
endforeach()
