/*
 * libmicrohttpd, loaded when a server starts. It needs twelve other libraries; linked to the command, they would take
 * more time at the start of every command than the rest of it does.
 */
#ifndef RINGSCOPE_CLI_HTTP_LIBRARY_H
#define RINGSCOPE_CLI_HTTP_LIBRARY_H

#include <microhttpd.h>

/* Those used, without their prefix MHD_. */
#define HTTP_FUNCTIONS(F)                             \
    F(add_response_header)                            \
    F(create_response_from_buffer)                    \
    F(create_response_from_buffer_with_free_callback) \
    F(create_response_from_fd64)                      \
    F(destroy_response)                               \
    F(get_connection_info)                            \
    F(get_connection_values)                          \
    F(lookup_connection_value)                        \
    F(queue_response)                                 \
    F(start_daemon)                                   \
    F(stop_daemon)

struct http_library {
#define HTTP_MEMBER(name) __typeof__(MHD_##name) *name;
    HTTP_FUNCTIONS(HTTP_MEMBER)
#undef HTTP_MEMBER
};

/* Fills in the functions. NULL, or the reason why they cannot be had, valid until the next call of dlopen(). The library
 * stays loaded. */
const char *http_library_load(struct http_library *http);

#endif
