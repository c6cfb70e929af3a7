/*
 * ringscope-put URL <FILE: sends a file by HTTP PUT, for `ringscope ship`. A program of its own, because libcurl brings
 * some thirty libraries, which every command would load.
 *
 * Exits with 0 if the server has accepted it, with 75 (EX_TEMPFAIL) if trying again may help, else with 1, and reports
 * why.
 */
#include <curl/curl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sysexits.h>

#define CONNECT_S 30L
#define STALLED_S 60L /* without a byte */

static size_t pass_over(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes, (void)context;
    return size * count;
}

/* Signs like Amazon's own tools, with keys from the environment, for any store that speaks S3. */
static struct curl_slist *sign(CURL *curl)
{
    const char *key = getenv("AWS_ACCESS_KEY_ID"), *secret = getenv("AWS_SECRET_ACCESS_KEY");
    const char *token = getenv("AWS_SESSION_TOKEN"), *region = getenv("AWS_REGION");
    char text[4096];
    if (!key || !secret)
        return NULL;
    snprintf(text, sizeof text, "aws:amz:%s:s3", region && region[0] ? region : "us-east-1");
    curl_easy_setopt(curl, CURLOPT_AWS_SIGV4, text);
    curl_easy_setopt(curl, CURLOPT_USERNAME, key);
    curl_easy_setopt(curl, CURLOPT_PASSWORD, secret);
    struct curl_slist *headers = curl_slist_append(NULL, "x-amz-content-sha256: UNSIGNED-PAYLOAD");
    if (token && token[0] && snprintf(text, sizeof text, "x-amz-security-token: %s", token) < (int)sizeof text)
        headers = curl_slist_append(headers, text);
    return headers;
}

static void describe(CURL *curl, const char *url, curl_off_t size)
{
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, size);
    curl_easy_setopt(curl, CURLOPT_READDATA, stdin);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, pass_over);
    curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_OPTIONAL);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_S);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, STALLED_S);
}

static int judge_answer(const char *url, long status)
{
    if (status >= 200 && status < 300)
        return EXIT_SUCCESS;
    fprintf(stderr, "ringscope ship: %s: the server answers %ld\n", url, status);
    return status >= 500 || status == 408 || status == 425 || status == 429 ? EX_TEMPFAIL : EXIT_FAILURE;
}

/* libcurl takes a response that does not begin like HTTP for version 0.9, an unsupported protocol. It may come from
 * another program that has the port while the server restarts. */
static bool is_junk(CURL *curl, CURLcode error)
{
    long sent = 0;
    curl_easy_getinfo(curl, CURLINFO_REQUEST_SIZE, &sent);
    return sent > 0 && (error == CURLE_UNSUPPORTED_PROTOCOL || error == CURLE_WEIRD_SERVER_REPLY);
}

static int judge_error(CURL *curl, const char *url, CURLcode error)
{
    bool junk = is_junk(curl, error);
    fprintf(stderr, "ringscope ship: %s: %s\n", url, junk ? "the answer is not HTTP" : curl_easy_strerror(error));
    if (junk)
        return EX_TEMPFAIL;
    switch (error) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_PEER_FAILED_VERIFICATION:
        return EXIT_FAILURE;
    default:
        return EX_TEMPFAIL;
    }
}

static int put(CURL *curl, const char *url, curl_off_t size)
{
    long status = 0;
    struct curl_slist *headers = sign(curl);
    describe(curl, url, size);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    CURLcode error = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    return error == CURLE_OK ? judge_answer(url, status) : judge_error(curl, url, error);
}

int main(int argc, char **argv)
{
    struct stat file;
    if (argc != 2) {
        fputs("usage: ringscope-put URL <FILE\n", stderr);
        return EX_USAGE;
    }
    if (fstat(fileno(stdin), &file) != 0 || !S_ISREG(file.st_mode)) {
        fputs("ringscope-put: standard input is no file\n", stderr);
        return EXIT_FAILURE;
    }
    CURL *curl = curl_easy_init();
    if (!curl) {
        fputs("ringscope-put: out of memory\n", stderr);
        return EX_TEMPFAIL;
    }
    int code = put(curl, argv[1], (curl_off_t)file.st_size);
    curl_easy_cleanup(curl);
    return code;
}
