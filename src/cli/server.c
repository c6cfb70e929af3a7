/* The server, with libmicrohttpd: serves GET and HEAD of /TOKEN/, the page's files, and /TOKEN/trace. */
#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../base/utf8.h"
#include "../platform/platform.h"
#include "connections.h"
#include "followers.h"
#include "gzip.h"
#include "http_library.h"
#include "metrics.h"
#include "request.h"
#include "trace.h"
#include "web.h"

#define IDLE_S 60u
#define NAME_BYTES (3 * 255 + 1) /* of the longest name of a file, if each of its bytes is encoded */
#define BACKLOG 16
#define PACKED_BYTES_MAX (4u << 20) /* of a segment: compressing more takes longer than sending it on this machine */

struct server {
    struct server_files files;
    struct request_rules rules;
    struct MHD_Daemon *daemon;
    struct followers followers; /* used only by its thread, like the next */
    struct connections connections;
    char url[128], metrics_url[64], name[NAME_BYTES];
};

typedef struct MHD_Response response;

static struct http_library http; /* loaded before the first request, and the same for all servers */

/* ----------------------------------------------------------------- answering */

/* The token is in the page's URL, so nothing may be cached or passed on as a referrer. */
static const char *const headers[][2] = {
    { "Cache-Control", "no-store" },
    { "Content-Security-Policy", "frame-ancestors 'none'" },
    { "Cross-Origin-Opener-Policy", "same-origin" },
    { "Cross-Origin-Resource-Policy", "same-origin" },
    { "Referrer-Policy", "no-referrer" },
    { "X-Content-Type-Options", "nosniff" },
};

/* Sends a response, and takes ownership of it. */
static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status, response *what, const char *type)
{
    enum MHD_Result result = MHD_NO;
    if (!what)
        return MHD_NO; /* no memory: the connection is closed */
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        http.add_response_header(what, headers[i][0], headers[i][1]);
    if (http.add_response_header(what, "Content-Type", type) == MHD_YES)
        result = http.queue_response(connection, status, what);
    http.destroy_response(what);
    return result;
}

static enum MHD_Result answer_text(struct MHD_Connection *connection, unsigned status, const char *text)
{
    response *what = http.create_response_from_buffer(strlen(text), (void *)text, MHD_RESPMEM_MUST_COPY);
    if (what && status == MHD_HTTP_METHOD_NOT_ALLOWED)
        http.add_response_header(what, "Allow", "GET, HEAD");
    return answer(connection, status, what, "text/plain; charset=utf-8");
}

/* A response with a file's contents; it closes the file. */
static response *response_of_file(int file, uint64_t size)
{
    response *what = http.create_response_from_fd64(size, file);
    if (!what)
        close(file);
    return what;
}

static enum MHD_Result answer_page(const struct server *server, struct MHD_Connection *connection, const char *name)
{
    uint64_t size;
    int file = web_open(server->files.directory, name, &size);
    if (file < 0)
        return answer_text(connection, MHD_HTTP_NOT_FOUND, "Not found.\n");
    return answer(connection, MHD_HTTP_OK, response_of_file(file, size), web_type(name));
}

/* --------------------------------------------------------------------- trace */

/* Equal bytes have equal tags, so that clients need not fetch them again. "" for a running program. */
static void make_tag(const struct trace_bytes *bytes, char *tag, size_t size)
{
    struct stat status;
    tag[0] = '\0';
    if (!bytes->memory && fstat(bytes->file, &status) == 0)
        snprintf(tag, size, "\"%llx-%llx-%llx-%lx\"", (unsigned long long)status.st_ino,
                 (unsigned long long)bytes->size, (unsigned long long)status.st_mtim.tv_sec,
                 (unsigned long)status.st_mtim.tv_nsec);
}

/* Takes ownership of the bytes. */
static response *response_of_trace(struct trace_bytes *bytes)
{
    response *what = NULL;
    if (bytes->memory) {
        what = http.create_response_from_buffer_with_free_callback((size_t)bytes->size, bytes->memory, free);
        if (what)
            bytes->memory = NULL;
    } else {
        what = response_of_file(bytes->file, bytes->size);
        bytes->file = -1;
    }
    trace_release(bytes);
    return what;
}

static response *unchanged(struct trace_bytes *bytes)
{
    trace_release(bytes);
    return http.create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
}

/* Histograms are mostly zeros. Clients without gzip, or all of them if we have no zlib, get the segment
 * uncompressed. */
static bool pack_segment(struct news *news, struct MHD_Connection *connection)
{
    const char *accepted = http.lookup_connection_value(connection, MHD_HEADER_KIND, "Accept-Encoding");
    const struct trace_bytes bytes = { .file = -1, .memory = news->segment, .size = news->size_bytes };
    struct gzip packed;
    bool too_large;
    if (!news->segment || news->size_bytes > PACKED_BYTES_MAX || !accepted || !strstr(accepted, "gzip") ||
        gzip_trace(&bytes, (size_t)news->size_bytes, &packed, &too_large) != NULL)
        return false;
    free(news->segment);
    news->segment = packed.bytes;
    news->size_bytes = packed.size;
    return true;
}

static response *response_of_segment(struct news *news, struct MHD_Connection *connection)
{
    if (!news->segment)
        return http.create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    bool packed = pack_segment(news, connection);
    response *what = http.create_response_from_buffer_with_free_callback((size_t)news->size_bytes, news->segment, free);
    if (!what)
        free(news->segment);
    if (what && packed)
        http.add_response_header(what, "Content-Encoding", "gzip");
    return what;
}

static uint64_t now_in_ms(void)
{
    return platform_monotonic_ns() / 1000000;
}

/* What the trace is called, and whether it grows, are headers of the trace. */
static void describe_trace(const struct server *server, response *what, bool live)
{
    http.add_response_header(what, "X-Ringscope-Name", server->name);
    if (live)
        http.add_response_header(what, "X-Ringscope-Live", "1");
}

/* The news since the request's cursor, if we still have it; else everything. */
static enum MHD_Result answer_news(struct server *server, struct MHD_Connection *connection, const char *cursor)
{
    struct news news;
    struct tracer_message message;
    char id[24];
    const struct followed_trace trace = { server->files.trace, server->files.without_details };
    uint64_t known = cursor ? strtoull(cursor, NULL, 16) : 0;
    if (followers_ask(&server->followers, &trace, known, now_in_ms(), &news, &message) != TRACER_OK)
        return answer_text(connection, MHD_HTTP_INTERNAL_SERVER_ERROR, message.text);
    unsigned status = news.segment ? MHD_HTTP_OK : MHD_HTTP_NO_CONTENT;
    response *what = response_of_segment(&news, connection);
    snprintf(id, sizeof id, "%llx", (unsigned long long)news.id);
    if (what) {
        http.add_response_header(what, "X-Ringscope-Cursor", id);
        describe_trace(server, what, news.live);
    }
    return answer(connection, status, what, "application/octet-stream");
}

static enum MHD_Result answer_trace(struct server *server, struct MHD_Connection *connection, bool with_body)
{
    struct trace_bytes bytes;
    struct tracer_message message;
    char tag[96];
    const char *cursor = http.lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "cursor");
    if (with_body && (cursor || server->files.without_details || trace_grows(server->files.trace)))
        return answer_news(server, connection, cursor);
    if (server->files.without_details)
        return answer_text(connection, MHD_HTTP_OK, ""); /* the length of the whole is not disclosed */
    if (trace_take(&bytes, server->files.trace, &message) != TRACER_OK)
        return answer_text(connection, MHD_HTTP_INTERNAL_SERVER_ERROR, message.text);
    bool live = bytes.live;
    make_tag(&bytes, tag, sizeof tag);
    const char *known = http.lookup_connection_value(connection, MHD_HEADER_KIND, "If-None-Match");
    bool same = known && strcmp(known, tag) == 0;
    response *what = same ? unchanged(&bytes) : response_of_trace(&bytes);
    if (what) {
        if (tag[0])
            http.add_response_header(what, "ETag", tag);
        describe_trace(server, what, live);
    }
    return answer(connection, same ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, what, "application/octet-stream");
}

static enum MHD_Result answer_metrics(const struct server *server, struct MHD_Connection *connection)
{
    struct tracer_message message;
    size_t size;
    char *text = metrics_of_image(server->files.trace, &size, &message);
    if (!text)
        return answer_text(connection, MHD_HTTP_INTERNAL_SERVER_ERROR, message.text);
    response *what = http.create_response_from_buffer_with_free_callback(size, text, free);
    if (!what)
        free(text);
    return answer(connection, MHD_HTTP_OK, what, METRICS_TYPE);
}

/* ------------------------------------------------------------------ checking */

struct senders {
    const struct request_rules *rules;
    unsigned hosts;
    bool foreign;
};

/* Checks every such header, because it is anybody's guess which of two would be used elsewhere. */
static enum MHD_Result check_header(void *context, enum MHD_ValueKind kind, const char *key, const char *value)
{
    struct senders *senders = context;
    (void)kind;
    if (strcasecmp(key, "Host") == 0) {
        senders->hosts++;
        senders->foreign |= !value || !request_host_is_ours(senders->rules, value);
    } else if (strcasecmp(key, "Origin") == 0) {
        senders->foreign |= !value || !request_origin_is_ours(senders->rules, value);
    }
    return MHD_YES;
}

static bool is_ours(const struct server *server, struct MHD_Connection *connection)
{
    struct senders senders = { .rules = &server->rules };
    http.get_connection_values(connection, MHD_HEADER_KIND, check_header, &senders);
    return senders.hosts == 1 && !senders.foreign;
}

/* The most suspicious checks come first, so that clients without the token learn nothing else. */
static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *upload, size_t *upload_size, void **state)
{
    struct server *server = context;
    (void)version, (void)upload, (void)upload_size, (void)state;
    if (!is_ours(server, connection))
        return answer_text(connection, MHD_HTTP_FORBIDDEN, "Refused: wrong host or origin.\n");
    const char *name = request_name(&server->rules, url);
    const char *bearer = http.lookup_connection_value(connection, MHD_HEADER_KIND, "Authorization");
    bool scrapes = server->files.metrics && strcmp(url, "/metrics") == 0;
    if (scrapes && !request_bearer_is_right(&server->rules, bearer))
        return answer_text(connection, MHD_HTTP_UNAUTHORIZED, "Refused: the token is missing or wrong.\n");
    if (!name && !scrapes)
        return answer_text(connection, MHD_HTTP_NOT_FOUND, "Not found.\n");
    connection_know(http.get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context);
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return answer_text(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "Only GET and HEAD are supported.\n");
    if (scrapes)
        return answer_metrics(server, connection);
    if (strcmp(name, "trace") == 0)
        return answer_trace(server, connection, strcmp(method, MHD_HTTP_METHOD_GET) == 0);
    return answer_page(server, connection, name[0] ? name : "index.html");
}

/* ------------------------------------------------------------------ starting */

static bool make_token(struct request_rules *rules)
{
    unsigned char random[TOKEN_BYTES];
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        return false;
    for (size_t i = 0; i < sizeof random; i++)
        snprintf(rules->token + 2 * i, 3, "%02x", random[i]);
    return true;
}

/* Listens on a port of loopback, of 0 on one that the kernel chooses; -1 and errno. A port that is given may have had
 * connections a moment ago. */
static int listen_somewhere(uint16_t *port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons(*port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof address;
    const int again = 1;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener < 0)
        return -1;
    if (*port)
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &again, sizeof again);
    if (bind(listener, (const struct sockaddr *)&address, size) != 0 || listen(listener, BACKLOG) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0) {
        int code = errno;
        close(listener);
        errno = code;
        return -1;
    }
    *port = ntohs(address.sin_port);
    return listener;
}

static void on_connection(void *context, struct MHD_Connection *connection, void **place,
                          enum MHD_ConnectionNotificationCode code)
{
    struct server *server = context;
    const union MHD_ConnectionInfo *info = http.get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (code == MHD_CONNECTION_NOTIFY_CLOSED)
        connection_remove(*place);
    else if (info)
        *place = connections_add(&server->connections, info->connect_fd, now_in_ms());
}

/* As in a URL, since a header cannot have every byte. Bytes that are not UTF-8 become question marks. */
static void encode_name(char to[NAME_BYTES], const char *name)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    size_t used = 0;
    for (size_t left = strlen(name), valid = 0; left > 0 && used + 3 < NAME_BYTES; name++, left--) {
        valid = valid > 0 ? valid - 1 : 0;
        if (valid == 0)
            valid = utf8_bytes((const unsigned char *)name, left);
        if (strchr(plain, *name))
            to[used++] = *name;
        else
            used += (size_t)snprintf(to + used, NAME_BYTES - used, "%%%02X", valid ? (unsigned char)*name : '?');
    }
    to[used] = '\0';
}

/* The port is known before the first request can come. */
static bool serve(struct server *server)
{
    server->rules.port = server->files.port;
    int listener = listen_somewhere(&server->rules.port);
    if (listener < 0)
        return false;
    snprintf(server->metrics_url, sizeof server->metrics_url, "http://127.0.0.1:%u/metrics", server->rules.port);
    snprintf(server->url, sizeof server->url, "http://127.0.0.1:%u/%s/?trace=trace", server->rules.port,
             server->rules.token);
    server->daemon =
        http.start_daemon(MHD_USE_AUTO_INTERNAL_THREAD, 0, NULL, NULL, handle, server, MHD_OPTION_LISTEN_SOCKET,
                          listener, MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX, MHD_OPTION_NOTIFY_CONNECTION,
                          on_connection, server, MHD_OPTION_CONNECTION_TIMEOUT, IDLE_S, MHD_OPTION_END);
    if (!server->daemon)
        close(listener);
    return server->daemon != NULL;
}

struct server *server_start(const struct server_files *files, const char **reason)
{
    *reason = http_library_load(&http);
    if (*reason)
        return NULL;
    struct server *server = calloc(1, sizeof *server);
    errno = 0;
    if (server) {
        server->files = *files;
        encode_name(server->name, files->name);
        connections_begin(&server->connections);
        if (make_token(&server->rules) && serve(server))
            return server;
    }
    *reason = errno ? strerror(errno) : "the server could not be started";
    free(server);
    return NULL;
}

const char *server_url(const struct server *server)
{
    return server->url;
}

const char *server_metrics_url(const struct server *server)
{
    return server->metrics_url;
}

const char *server_token(const struct server *server)
{
    return server->rules.token;
}

void server_stop(struct server *server)
{
    http.stop_daemon(server->daemon);
    followers_end(&server->followers);
    free(server);
}
