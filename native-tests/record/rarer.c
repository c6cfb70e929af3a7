/*
 * The program recorded by the tests of rarer arguments: one call for each kind that arguments.c has not. Some may be
 * refused or unknown here, which does not matter: their arguments are shown all the same. Exits with 0 if those that
 * work everywhere did.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/keyctl.h>
#include <linux/landlock.h>
#include <linux/netlink.h>
#include <linux/openat2.h>
#include <linux/perf_event.h>
#include <linux/rtnetlink.h>
#include <linux/vm_sockets.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* A file without a name; and a hint, and flags that cannot be set. */
static int hints(void)
{
    const unsigned flags = 0;
    struct fsxattr more;
    unsigned long long hint = RWH_WRITE_LIFE_SHORT;
    const int file = open("/tmp", O_TMPFILE | O_RDWR | O_ASYNC, 0600);
    if (file >= 0 && write(file, "x", 1) != 1)
        return 1;
    fcntl(file, F_SET_RW_HINT, &hint);
    ioctl(-1, FS_IOC_SETFLAGS, &flags);
    ioctl(file, FS_IOC_FSGETXATTR, &more);
    ioctl(-1, BLKGETSIZE64, &hint);
    return 0;
}

static int files(void)
{
    const struct open_how how = { .flags = O_RDONLY, .resolve = RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH };
    struct f_owner_ex owner = { F_OWNER_PID, getpid() };
    int file = open("/etc/passwd", O_RDONLY), watch, failures = file < 0;
    syscall(SYS_openat2, AT_FDCWD, "etc", &how, sizeof how);
    failures += fcntl(file, F_SETOWN_EX, &owner) != 0 || fcntl(file, F_SETSIG, SIGUSR1) != 0;
    failures += fcntl(file, F_GETSIG) != SIGUSR1;
    mknod("/no/such/device", S_IFCHR | 0600, makedev(1, 3));
    sync_file_range(file, 0, 0, SYNC_FILE_RANGE_WRITE);
    watch = fanotify_init(FAN_CLASS_NOTIF | FAN_CLOEXEC, O_RDONLY);
    fanotify_mark(watch, FAN_MARK_ADD | FAN_MARK_ONLYDIR, FAN_OPEN | FAN_EVENT_ON_CHILD, AT_FDCWD, "/no/such/folder");
    syscall(SYS_fsopen, "no-such-system", 1);
    inotify_add_watch(inotify_init(), "/", IN_ALL_EVENTS | IN_ONLYDIR);
    syscall(SYS_name_to_handle_at, AT_FDCWD, "/no/such/file", NULL, NULL, AT_SYMLINK_FOLLOW);
    return failures + hints();
}

/* Paths that are empty, and vectors that are not there. */
static int nowhere(void)
{
    const struct iovec vector = { NULL, 3 };
    struct iovec *none = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    const struct msghdr message = { .msg_iov = none, .msg_iovlen = 2 };
    struct statx status;
    const int file = open("/etc/passwd", O_RDONLY);
    int failures = open("", O_RDONLY) != -1;
    failures += syscall(SYS_statx, file, "", AT_EMPTY_PATH, STATX_SIZE, &status) != 0;
    failures += readv(file, none, 2) != -1 || writev(1, none, 2) != -1;
    return failures + (sendmsg(socket(AF_INET, SOCK_DGRAM, 0), &message, 0) != -1) + (readv(-1, &vector, 1) != -1);
}

static int terminals(void)
{
    struct termios terminal;
    struct ifreq some[4];
    struct ifconf interfaces = { .ifc_len = sizeof some, .ifc_req = some };
    struct ifreq interface = { .ifr_name = "lo" };
    int pseudo = posix_openpt(O_RDWR | O_NOCTTY), by = socket(AF_INET, SOCK_DGRAM, 0);
    ioctl(pseudo, TCGETS, &terminal);
    ioctl(pseudo, TCFLSH, TCIFLUSH);
    ioctl(by, SIOCGIFCONF, &interfaces);
    return ioctl(by, SIOCGIFINDEX, &interface) != 0;
}

/* Of a descriptor that is none. */
static int more_options(const int *one)
{
    const struct ip_mreqn group = { .imr_multiaddr.s_addr = htonl(INADDR_ALLHOSTS_GROUP), .imr_ifindex = 1 };
    const struct ipv6_mreq group6 = { IN6ADDR_LOOPBACK_INIT, 1 };
    const struct sockaddr_in6 near = { .sin6_family = AF_INET6,
                                       .sin6_port = htons(9),
                                       .sin6_addr.s6_addr = { 0xfe, 0x80, [15] = 1 },
                                       .sin6_scope_id = 7 };
    const struct sockaddr_vm machine = { .svm_family = AF_VSOCK, .svm_cid = 2, .svm_port = 1234 };
    const struct sockaddr_ll link = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = 1 };
    setsockopt(-1, IPPROTO_UDP, UDP_CORK, one, sizeof *one);
    setsockopt(-1, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group);
    setsockopt(-1, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, &group6, sizeof group6);
    int connected = connect(-1, (const struct sockaddr *)&near, sizeof near) == 0;
    connected += connect(-1, (const struct sockaddr *)&machine, sizeof machine) == 0;
    return connected + (connect(-1, (const struct sockaddr *)&link, sizeof link) == 0);
}

static int options(void)
{
    const struct linger linger = { 1, 2 };
    const struct timeval time = { 1, 500000 };
    struct tcp_info connection;
    socklen_t bytes = sizeof connection;
    int one = 1, by = socket(AF_INET, SOCK_STREAM, 0);
    int failures = setsockopt(by, SOL_SOCKET, SO_LINGER, &linger, sizeof linger) != 0;
    failures += setsockopt(by, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time) != 0;
    setsockopt(by, IPPROTO_TCP, TCP_CONGESTION, "none", 4);
    failures += more_options(&one) + (getsockopt(by, IPPROTO_TCP, TCP_INFO, &connection, &bytes) != 0);
    socket(AF_PACKET, SOCK_RAW, htons(3));
    return failures + (setsockopt(by, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0);
}

/* A connection that is not waited for, and refused. */
static int refused(void)
{
    const struct sockaddr_in nobody = { .sin_family = AF_INET,
                                        .sin_port = htons(1),
                                        .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    const int by = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct pollfd asked = { .fd = by, .events = POLLOUT };
    int error = 0;
    socklen_t size = sizeof error;
    if (connect(by, (const struct sockaddr *)&nobody, sizeof nobody) == 0 || errno != EINPROGRESS)
        return 1;
    return poll(&asked, 1, 10000) != 1 || getsockopt(by, SOL_SOCKET, SO_ERROR, &error, &size) != 0;
}

/* A socket that is bound by sending from it, in each way. */
static int datagrams(void)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct iovec vector = { (char[]){ 'x' }, 1 };
    struct mmsghdr message = { .msg_hdr = {
                                   .msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &vector, .msg_iovlen = 1 } };
    int by = socket(AF_INET, SOCK_DGRAM, 0);
    int failures = sendto(by, "x", 1, 0, (const struct sockaddr *)&to, sizeof to) != 1;
    close(by);
    by = socket(AF_INET, SOCK_DGRAM, 0);
    failures += sendmsg(by, &message.msg_hdr, 0) != 1;
    close(by);
    by = socket(AF_INET, SOCK_DGRAM, 0);
    return failures + (sendmmsg(by, &message, 1, 0) != 1);
}

/* A message with its sender's credentials and, behind them, a descriptor. */
static int messages(void)
{
    int pair[2], one = 1, failures = socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0, passed;
    char byte = 'x';
    union {
        struct cmsghdr aligned;
        char bytes[128];
    } control = { .bytes = { 0 } };
    struct iovec vector = { &byte, 1 };
    struct msghdr message = { .msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control };
    passed = open("/etc/passwd", O_RDONLY);
    failures += setsockopt(pair[1], SOL_SOCKET, SO_PASSCRED, &one, sizeof one) != 0;
    message.msg_controllen = CMSG_SPACE(sizeof passed);
    struct cmsghdr *first = CMSG_FIRSTHDR(&message);
    *first = (struct cmsghdr){ CMSG_LEN(sizeof passed), SOL_SOCKET, SCM_RIGHTS };
    memcpy(CMSG_DATA(first), &passed, sizeof passed);
    failures += sendmsg(pair[0], &message, 0) != 1;
    message.msg_controllen = sizeof control;
    return failures + (recvmsg(pair[1], &message, 0) != 1);
}

static int processes(void)
{
    struct {
        unsigned int size, policy;
        unsigned long long flags;
        int nice;
        unsigned int priority;
        unsigned long long runtime, deadline, period;
    } attributes = { .size = sizeof attributes };
    struct timespec interval;
    char name[16];
    unsigned long base;
    siginfo_t info;
    const int child = fork();
    if (child == 0)
        _exit(3);
    const int process = (int)syscall(SYS_pidfd_open, child, 0);
    waitid((idtype_t)3, (id_t)process, &info, WEXITED); /* P_PIDFD */
    int failures = sched_getscheduler(0) < 0 || sched_rr_get_interval(0, &interval) != 0;
    failures += syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0) != 0;
    failures += prctl(PR_SET_NAME, "rarer name") != 0 || prctl(PR_GET_NAME, name) != 0;
    failures += syscall(SYS_arch_prctl, 0x1003, &base) != 0; /* ARCH_GET_FS */
    waitpid(child, NULL, 0);
    return failures;
}

static int signals(void)
{
    sigset_t set;
    siginfo_t info;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    int failures = sigprocmask(SIG_BLOCK, &set, NULL) != 0 || kill(getpid(), SIGUSR2) != 0;
    return failures + (sigwaitinfo(&set, &info) != SIGUSR2);
}

static void confinement(void)
{
    const struct landlock_ruleset_attr handled = { .handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE };
    const struct landlock_path_beneath_attr beneath = { LANDLOCK_ACCESS_FS_EXECUTE, -1 };
    const struct perf_event_attr counted = { .type = PERF_TYPE_SOFTWARE, .size = sizeof counted, .config = 1 };
    syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    const int rules = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
    syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
    syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0);
    syscall(SYS_perf_event_open, &counted, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

static void queues(void)
{
    const struct {
        long flags, most, bytes, now, reserved[4];
    } queue = { .most = 4, .bytes = 16 };
    struct sembuf operations[2] = { { 0, -1, SEM_UNDO }, { 1, 2, 0 } };
    struct {
        long type;
        char text[4];
    } message = { 5, "abc" };
    const struct {
        unsigned long long expected, address;
        unsigned int flags, reserved;
    } wait = { 1, 4096, 2, 0 };
    syscall(SYS_mq_open, "ringscope-none", O_CREAT | O_EXCL | O_RDWR, 0600, &queue);
    syscall(SYS_mq_unlink, "ringscope-none");
    semop(-1, operations, 2);
    syscall(SYS_msgsnd, -1, &message, sizeof message.text, 0);
    syscall(449, &wait, 1, 0, NULL, 1); /* futex_waitv */
}

/* Asks the kernel about its interfaces, and for something that it does not have. */
static int netlink(void)
{
    char answer[8192];
    struct {
        struct nlmsghdr header;
        struct ifinfomsg interface;
    } request = { { sizeof request, RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, 7, 0 }, { .ifi_family = AF_UNSPEC } };
    int to = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    int failures = send(to, &request, sizeof request, 0) != (ssize_t)sizeof request;
    failures += recv(to, answer, sizeof answer, MSG_DONTWAIT) <= 0;
    close(to);
    to = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    request.header.nlmsg_type = RTM_DELLINK;
    request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
    request.interface.ifi_index = 1 << 30;
    struct iovec part = { &request, sizeof request };
    const struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
    failures += sendmsg(to, &message, 0) != (ssize_t)sizeof request;
    failures += recv(to, answer, sizeof answer, MSG_DONTWAIT) <= 0;
    close(to);
    return failures;
}

int main(void)
{
    confinement();
    queues();
    return files() + nowhere() + terminals() + options() + refused() + datagrams() + messages() + processes() +
           signals() + netlink();
}
