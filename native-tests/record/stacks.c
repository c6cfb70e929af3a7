/* Makes calls from known places: main or another → a → b → c → write, with a number of bytes that identifies the
 * case. */
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define APART __attribute__((noinline)) static
#define NO_TAIL_CALL() __asm__ volatile("")

enum { PLAIN = 11, THREAD, FORKED, LIBRARY, SIGNALLED, EXECUTED, DEEP };

static int sink;

APART void c(int bytes)
{
    static const char content[64];
    if (write(sink, content, (size_t)bytes) != bytes)
        _exit(9);
    NO_TAIL_CALL();
}

APART void b(int bytes)
{
    c(bytes);
    NO_TAIL_CALL();
}

APART void a(int bytes)
{
    b(bytes);
    NO_TAIL_CALL();
}

APART void *thread_main(void *nothing)
{
    a(THREAD);
    NO_TAIL_CALL();
    return nothing;
}

APART void on_signal(int number)
{
    (void)number;
    a(SIGNALLED);
    NO_TAIL_CALL();
}

APART void deeper(volatile int depth)
{
    if (depth > 0)
        deeper(depth - 1);
    else
        a(DEEP);
    NO_TAIL_CALL();
}

APART void in_thread(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, thread_main, NULL) != 0)
        _exit(9);
    pthread_join(thread, NULL);
}

APART void in_child(void)
{
    pid_t child = fork();
    if (child == 0) {
        a(FORKED);
        _exit(0);
    }
    waitpid(child, NULL, 0);
}

APART void in_library(const char *path)
{
    void *library = dlopen(path, RTLD_NOW);
    void (*call)(void (*)(int), int) = NULL;
    if (library)
        *(void **)&call = dlsym(library, "library_calls");
    if (!call)
        _exit(8);
    call(a, LIBRARY);
    NO_TAIL_CALL();
}

/* push rbp; mov rbp, rsp; mov eax, 110 (getppid); syscall; pop rbp; ret */
APART void in_made_code(void)
{
    static const char code[] = "\x55\x48\x89\xe5\xb8\x6e\x00\x00\x00\x0f\x05\x5d\xc3";
    void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    void (*made)(void);
    if (memory == MAP_FAILED)
        _exit(7);
    memcpy(memory, code, sizeof code);
    memcpy(&made, &memory, sizeof made);
    made();
    NO_TAIL_CALL();
}

int main(int count, char **arguments)
{
    sink = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (count < 2) {
        a(EXECUTED);
        return 0;
    }
    a(PLAIN);
    in_thread();
    in_child();
    in_library(arguments[1]);
    in_made_code();
    signal(SIGUSR1, on_signal);
    raise(SIGUSR1);
    deeper(400);
    execl("/proc/self/exe", arguments[0], (char *)NULL);
    return 9;
}
