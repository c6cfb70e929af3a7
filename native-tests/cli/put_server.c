/*
 * A server that takes files, for the tests of `ringscope ship`: put_server FOLDER ANSWER… prints its port and answers
 * one request after another as listed: by 201, 503, …; by "drop": it reads half of the body and hangs up; by "junk": an
 * answer that is not HTTP. The last answer is repeated for all later requests. Files accepted with 201 are in FOLDER,
 * with / as +; FOLDER/log has a line for each request (its answer, path and bytes), and FOLDER/heads the heads of the
 * requests. It ends with its standard input.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct request {
    char path[1024];
    unsigned long size; /* of the body */
};

static int fail(const char *what)
{
    perror(what);
    exit(EXIT_FAILURE);
}

static int listen_somewhere(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener < 0 || bind(listener, (const struct sockaddr *)&address, size) != 0 || listen(listener, 8) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0)
        fail("put_server");
    printf("%u\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

static FILE *open_in(const char *folder, const char *name, const char *mode)
{
    char path[2048];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, mode);
    if (!file)
        fail(path);
    return file;
}

/* Reads up to the empty line. */
static bool read_head(FILE *from, const char *folder, struct request *request)
{
    char line[4096];
    FILE *heads = open_in(folder, "heads", "a");
    bool whole = fgets(line, sizeof line, from) && sscanf(line, "PUT /%1023s HTTP", request->path) == 1;
    while (whole && fgets(line, sizeof line, from) && line[0] != '\r') {
        fputs(line, heads);
        if (strncasecmp(line, "Content-Length:", 15) == 0)
            request->size = strtoul(line + 15, NULL, 10);
    }
    fclose(heads);
    return whole;
}

static char *read_body(FILE *from, unsigned long size)
{
    char *body = malloc(size + 1);
    if (!body || fread(body, 1, size, from) != size)
        fail("the body");
    return body;
}

static void answer(int connection, const char *folder, const struct request *request, const char *text)
{
    char line[256];
    FILE *log = open_in(folder, "log", "a");
    fprintf(log, "%s %s %lu\n", text, request->path, request->size);
    fclose(log);
    int length =
        snprintf(line, sizeof line, "HTTP/1.1 %s Told\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", text);
    if (strcmp(text, "junk") == 0)
        length = snprintf(line, sizeof line, "220 mail.example greets you\r\n");
    if (strcmp(text, "drop") != 0 && write(connection, line, (size_t)length) != length)
        fail("the answer");
}

static void keep(const char *folder, struct request *request, const char *body)
{
    for (char *slash = request->path; (slash = strchr(slash, '/')) != NULL;)
        *slash = '+';
    FILE *file = open_in(folder, request->path, "w");
    if (fwrite(body, 1, request->size, file) != request->size || fclose(file) != 0)
        fail(request->path);
}

static void serve(int connection, const char *folder, const char *text)
{
    struct request request = { .size = 0 };
    FILE *from = fdopen(connection, "r");
    if (!from || !read_head(from, folder, &request))
        fail("the request");
    char *body = read_body(from, strcmp(text, "drop") == 0 ? request.size / 2 : request.size);
    if (strcmp(text, "201") == 0)
        keep(folder, &request, body);
    answer(connection, folder, &request, text);
    free(body);
    fclose(from);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return EXIT_FAILURE;
    int listener = listen_somewhere(), next = 2;
    for (;;) {
        struct pollfd awaited[] = { { STDIN_FILENO, POLLIN, 0 }, { listener, POLLIN, 0 } };
        if (poll(awaited, 2, -1) < 0 || awaited[0].revents)
            return EXIT_SUCCESS;
        int connection = accept(listener, NULL, NULL);
        if (connection >= 0)
            serve(connection, argv[1], argv[next]);
        next += next + 1 < argc;
    }
}
