/* The ptrace backend, for where BPF is not permitted. */
#include "recording.h"

static enum tracer_error run(struct recording *recording, struct tracer_message *message)
{
    (void)recording;
    snprintf(message->text, sizeof message->text, "ptrace: not available in this build");
    return TRACER_ERROR_UNSUPPORTED;
}

const struct backend backend_ptrace = { "ptrace", false, run };
