/* A third party's application. */
#include <emscripten.h>
#include <ringscope.h>

EMSCRIPTEN_KEEPALIVE void consumer_run(void);

void consumer_run(void)
{
    trace_event(TRACE_FILE, "open", "/etc/passwd");
}
