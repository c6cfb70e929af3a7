/* Finds the setting that forbids tracing; see permission.h. */
#include "permission.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Newer than some headers. */
#define CAPABILITY_PERFMON 38u
#define CAPABILITY_BPF 39u

bool permission_has(unsigned capability)
{
    struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { { 0, 0, 0 } };
    if (syscall(SYS_capget, &header, data) != 0)
        return false;
    return data[capability / 32].effective >> capability % 32 & 1;
}

bool permission_check_proc(bool needed, struct tracer_message *message)
{
    char self[32] = "";
    bool mounted = readlink("/proc/self", self, sizeof self - 1) > 0;
    bool ours = mounted && strtoul(self, NULL, 10) == (unsigned long)getpid();
    if (ours || (!mounted && !needed))
        return true;
    snprintf(message->text, sizeof message->text, "%s; mount one: mount -t proc proc /proc",
             mounted ? "/proc belongs to another pid namespace, and has other programs under the same numbers"
                     : "there is no /proc, which tracing by ptrace needs");
    return false;
}

static bool read_first(const char *path, char *text, size_t size)
{
    FILE *file = fopen(path, "re");
    size_t got = file ? fread(text, 1, size - 1, file) : 0;
    text[got] = '\0';
    if (file)
        fclose(file);
    return got > 0;
}

static void add(struct tracer_message *message, const char *text)
{
    size_t length = strlen(message->text);
    snprintf(message->text + length, sizeof message->text - length, "; %s", text);
}

/* The bracketed choice in "none [integrity] confidentiality". */
static bool locked_down(void)
{
    char text[128];
    return read_first("/sys/kernel/security/lockdown", text, sizeof text) && strstr(text, "[confidentiality]");
}

void permission_explain_bpf(struct tracer_message *message, int error)
{
    bool refused = error == EPERM || error == EACCES;
    bool may = permission_has(CAP_SYS_ADMIN) || (permission_has(CAPABILITY_BPF) && permission_has(CAPABILITY_PERFMON));
    if (access("/sys/kernel/btf/vmlinux", R_OK) != 0)
        add(message, "the kernel has no BTF (CONFIG_DEBUG_INFO_BTF)");
    else if (refused && !may)
        add(message, "it needs root, or CAP_BPF and CAP_PERFMON");
    else if (refused && locked_down())
        add(message, "the kernel is locked down (lockdown=confidentiality)");
    else if (refused)
        add(message, "the system forbids it, as containers often do");
}

void permission_explain_ptrace(struct tracer_message *message)
{
    char scope[16];
    if (!read_first("/proc/sys/kernel/yama/ptrace_scope", scope, sizeof scope) || scope[0] == '0')
        add(message, "only root may trace another user's process");
    else
        add(message, scope[0] == '3' ? "kernel.yama.ptrace_scope is 3, which forbids ptrace to everyone"
                                     : "kernel.yama.ptrace_scope forbids it: become root, or set it to 0");
}
