/*
 * Asks a server of this machine, for the tests of `ringscope view`: http PORT BODY-FILE sends what standard input
 * has, byte by byte as it is, prints the head of the answer, and writes its body to the file.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define REQUEST_BYTES 65536

static int connect_to(const char *port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)strtoul(port, NULL, 10)),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int connection = socket(AF_INET, SOCK_STREAM, 0);
    if (connection < 0 || connect(connection, (const struct sockaddr *)&address, sizeof address) != 0) {
        perror("http");
        exit(EXIT_FAILURE);
    }
    return connection;
}

static void send_request(int connection)
{
    char request[REQUEST_BYTES];
    size_t size = fread(request, 1, sizeof request, stdin);
    if (send(connection, request, size, MSG_NOSIGNAL) != (ssize_t)size) {
        perror("http");
        exit(EXIT_FAILURE);
    }
}

/* Up to and with the empty line. */
static void print_head(FILE *answer)
{
    char line[4096];
    while (fgets(line, sizeof line, answer)) {
        line[strcspn(line, "\r\n")] = '\0';
        if (line[0] == '\0')
            return;
        puts(line);
    }
}

static void write_body(FILE *answer, const char *path)
{
    char block[4096];
    size_t size;
    FILE *file = fopen(path, "w");
    while (file && (size = fread(block, 1, sizeof block, answer)) > 0)
        fwrite(block, 1, size, file);
    if (!file || fclose(file) != 0) {
        perror(path);
        exit(EXIT_FAILURE);
    }
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return EXIT_FAILURE;
    int connection = connect_to(argv[1]);
    send_request(connection);
    FILE *answer = fdopen(connection, "r");
    if (!answer)
        return EXIT_FAILURE;
    print_head(answer);
    write_body(answer, argv[2]);
    fclose(answer);
    return EXIT_SUCCESS;
}
