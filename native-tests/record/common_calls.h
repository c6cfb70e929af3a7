/*
 * The most common system calls, made by one program of two files; see common_calls.c.
 */
#ifndef RINGSCOPE_TEST_COMMON_CALLS_H
#define RINGSCOPE_TEST_COMMON_CALLS_H

/* Results are checked by the tracers. */
static inline void made(long result)
{
    (void)result;
}

void common_connections(void);
void common_datagrams(void);
/* A descriptor of the file is passed over a socket. */
void common_local_sockets(int file);

#endif
