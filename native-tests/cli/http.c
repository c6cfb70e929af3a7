/*
 * An HTTP client for the tests of `ringscope view`, for servers on this machine. http PORT BODY-FILE sends standard
 * input byte for byte, prints the head of the answer, and writes its body to the file. http PORT hold N opens N
 * connections and sends nothing on them, prints "held", and at the end of standard input the number of them that the
 * server has closed. http PORT drip sends a byte now and then, until the server closes the connection.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
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

/* Prints everything up to and including the empty line. */
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

static bool is_closed(int connection)
{
    char byte;
    return recv(connection, &byte, 1, MSG_DONTWAIT) == 0;
}

static int hold(const char *port, unsigned count)
{
    static int held[1024];
    unsigned closed = 0;
    for (unsigned i = 0; i < count && i < 1024; i++)
        held[i] = connect_to(port);
    puts("held");
    fflush(stdout);
    while (getchar() != EOF)
        ;
    for (unsigned i = 0; i < count && i < 1024; i++)
        closed += is_closed(held[i]);
    printf("%u\n", closed);
    return EXIT_SUCCESS;
}

static int drip(const char *port)
{
    int connection = connect_to(port);
    while (!is_closed(connection) && send(connection, "G", 1, MSG_NOSIGNAL) == 1) {
        close(connect_to(port)); /* the server checks on strangers when another one arrives */
        usleep(100000);
    }
    puts("closed");
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[2], "hold") == 0)
        return hold(argv[1], (unsigned)strtoul(argv[3], NULL, 10));
    if (argc != 3)
        return EXIT_FAILURE;
    if (strcmp(argv[2], "drip") == 0)
        return drip(argv[1]);
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
