# The programs that the Node tests load: applications of Emscripten's, and the loops to be measured.

# An application with Emscripten's own loader, as users build it.
add_executable(app guests/app.c)
ringscope_target(app)
target_link_libraries(app PRIVATE ringscope::wasm)
target_link_options(app PRIVATE -O2 --no-entry -sMODULARIZE -sEXPORT_NAME=createApp -sENVIRONMENT=node,web,worker
    -sALLOW_MEMORY_GROWTH)
# The same with shortened names.
add_executable(app_short guests/app.c)
ringscope_target(app_short)
target_link_libraries(app_short PRIVATE ringscope::wasm)
target_link_options(app_short PRIVATE -O3 --no-entry -sMODULARIZE -sEXPORT_NAME=createApp -sENVIRONMENT=node,web,worker
    -sALLOW_MEMORY_GROWTH)
add_executable(threads guests/threads.c)
ringscope_target(threads)
target_link_libraries(threads PRIVATE ringscope::wasm_pthread)
target_link_options(threads PRIVATE -O2 -sPTHREAD_POOL_SIZE=3 -sEXIT_RUNTIME -sENVIRONMENT=node,web,worker
    -sINITIAL_MEMORY=64MB)
set_target_properties(threads PROPERTIES SUFFIX .js RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)

file(STRINGS bench/exports.txt bench_exports)
ringscope_module(bench EXPORTS ${bench_exports} SOURCES bench/bench.c LINK ringscope::static)
target_include_directories(bench_module PRIVATE ${PROJECT_SOURCE_DIR}/src)
set_target_properties(bench_module PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
set_target_properties(app app_short PROPERTIES SUFFIX .js RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
