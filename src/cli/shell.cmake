# The manual page and the completions, printed by the command that was just built. Where it cannot run, in a cross build
# without an emulator, they are left out; and so under sanitizers, because nobody installs those builds.

function(ringscope_generate file destination)
    set(output ${PROJECT_BINARY_DIR}/shell/${file})
    add_custom_command(OUTPUT ${output}
        COMMAND ringscope_cli ${ARGN} > ${output}.new
        COMMAND ${CMAKE_COMMAND} -E rename ${output}.new ${output}
        DEPENDS ringscope_cli
        VERBATIM)
    set_property(TARGET ringscope_shell APPEND PROPERTY SOURCES ${output})
    if(RINGSCOPE_INSTALL)
        install(FILES ${output} DESTINATION ${destination})
    endif()
endfunction()

if(CMAKE_CROSSCOMPILING AND NOT CMAKE_CROSSCOMPILING_EMULATOR)
    message(STATUS "cross build: without manual page and completions, which the command prints itself")
elseif(NOT RINGSCOPE_SANITIZE)
    file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/shell)
    add_custom_target(ringscope_shell ALL)
    ringscope_generate(ringscope.1 ${CMAKE_INSTALL_MANDIR}/man1 manual)
    ringscope_generate(ringscope ${CMAKE_INSTALL_DATADIR}/bash-completion/completions completions bash)
    ringscope_generate(_ringscope ${CMAKE_INSTALL_DATADIR}/zsh/site-functions completions zsh)
    ringscope_generate(ringscope.fish ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d completions fish)
endif()
