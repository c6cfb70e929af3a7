/* Formats addresses of sockets: "127.0.0.1:80", "[::1]:80", "/run/x.sock", "@abstract". */
#ifndef RINGSCOPE_ADDRESSES_H
#define RINGSCOPE_ADDRESSES_H

#include <stdbool.h>
#include <stddef.h>

#include "kernel_event.h"

void address_format(char *text, size_t size, unsigned family, const unsigned char *address, unsigned port);

/* Formats a struct sockaddr of the program's. False: it has no text. */
bool socket_address_format(char *text, size_t size, const char *bytes, size_t count);

/* "tcp 127.0.0.1:51234→127.0.0.1:443", "unix 8123", as far as the kernel knows the addresses. */
void socket_name_format(char *text, size_t size, const struct kernel_file *file);

#endif
