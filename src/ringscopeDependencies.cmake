# The libraries that libringscope.a needs, as targets. Used by the build and, installed, by find_package(ringscope).

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads QUIET)

if(NOT TARGET ringscope::cjson)
    find_path(RINGSCOPE_CJSON_INCLUDE cjson/cJSON.h)
    find_library(RINGSCOPE_CJSON_LIBRARY cjson)
    mark_as_advanced(RINGSCOPE_CJSON_INCLUDE RINGSCOPE_CJSON_LIBRARY)
    if(RINGSCOPE_CJSON_INCLUDE AND RINGSCOPE_CJSON_LIBRARY)
        add_library(ringscope::cjson UNKNOWN IMPORTED GLOBAL)
        set_target_properties(ringscope::cjson PROPERTIES
            IMPORTED_LOCATION "${RINGSCOPE_CJSON_LIBRARY}"
            INTERFACE_INCLUDE_DIRECTORIES "${RINGSCOPE_CJSON_INCLUDE}"
            INTERFACE_LINK_LIBRARIES m)
    endif()
endif()
