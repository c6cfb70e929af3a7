# For applications: links the tracer into their own module so that JavaScript can attach to it.

# The functions in a list of exports, whose names have Emscripten's underscore. A changed list triggers a new
# configuration, and so a new link.
function(ringscope_exports list_file result)
    file(STRINGS ${list_file} names)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${list_file})
    set(${result} ${names} PARENT_SCOPE)
endfunction()

ringscope_exports(${CMAKE_CURRENT_LIST_DIR}/exports.txt tracer_exports)

# --export-if-defined would not pull the functions out of the archive.
list(TRANSFORM tracer_exports REPLACE "^_(.*)" "-Wl,--export=\\1" OUTPUT_VARIABLE export_options)

add_library(ringscope_wasm INTERFACE)
add_library(ringscope::wasm ALIAS ringscope_wasm)
target_link_libraries(ringscope_wasm INTERFACE ringscope_static)
target_link_options(ringscope_wasm INTERFACE ${export_options})
set_target_properties(ringscope_wasm PROPERTIES EXPORT_NAME wasm)

# The same for applications built with -pthread.
add_library(ringscope_wasm_pthread INTERFACE)
add_library(ringscope::wasm_pthread ALIAS ringscope_wasm_pthread)
target_link_libraries(ringscope_wasm_pthread INTERFACE ringscope_mt)
target_compile_options(ringscope_wasm_pthread INTERFACE -pthread)
target_link_options(ringscope_wasm_pthread INTERFACE -pthread ${export_options})
set_target_properties(ringscope_wasm_pthread PROPERTIES EXPORT_NAME wasm_pthread)
