/* Shows the requests of ioctl() and their arguments; see show.h. */
#include <arpa/inet.h>
#include <linux/fs.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>

#include "addresses.h"
#include "show.h"

void show_ioctl(struct shown *shown, unsigned index)
{
    static const char *const groups[] = { "ioctl", "ioctl_fs", "ioctl_net" };
    uint64_t value = (uint32_t)shown->event->args[index];
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        const char *name = words_name(words_find(groups[i]), value);
        if (name) {
            detail_add(shown->detail, name);
            return;
        }
    }
    show_hex(shown, index);
}

/* The kernel's struct termios, of which four words are flags: "{ICRNL|IXON, OPOST|ONLCR, B38400|CS8|CREAD, ECHO}". */
static void add_terminal(struct shown *shown, unsigned index)
{
    static const char *const groups[] = { "tty_input", "tty_output", "tty_control", "tty_local" };
    const uint32_t *flags = shown_struct(shown, index, sizeof groups / sizeof groups[0] * sizeof *flags);
    if (!flags) {
        show_address(shown, index);
        return;
    }
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        detail_add(shown->detail, i ? ", " : "{");
        if (flags[i])
            add_words_of(shown->detail, groups[i], flags[i]);
        else
            detail_add(shown->detail, "0");
    }
    detail_add(shown->detail, "}");
}

static void add_interface_value(struct detail *detail, unsigned request, const struct ifreq *interface)
{
    char address[160];
    switch (request) {
    case SIOCGIFINDEX:
        detail_format(detail, ", index %d", interface->ifr_ifindex);
        break;
    case SIOCGIFFLAGS:
    case SIOCSIFFLAGS:
        detail_add(detail, ", ");
        add_words_of(detail, "interface", (unsigned short)interface->ifr_flags);
        break;
    case SIOCGIFMTU:
    case SIOCSIFMTU:
        detail_format(detail, ", mtu %d", interface->ifr_mtu);
        break;
    case SIOCGIFADDR:
    case SIOCSIFADDR:
    case SIOCGIFNETMASK:
    case SIOCSIFNETMASK:
    case SIOCGIFBRDADDR:
    case SIOCGIFDSTADDR:
        if (!socket_address_format(address, sizeof address, (const char *)&interface->ifr_addr,
                                   sizeof interface->ifr_addr))
            break;
        address[strcspn(address, ":")] = '\0'; /* these have no port */
        detail_format(detail, ", %s", address);
        break;
    default:
        break;
    }
}

/* A network interface: "{lo, index 1}". */
static void add_interface(struct shown *shown, unsigned index)
{
    const struct ifreq *interface = shown_struct(shown, index, sizeof *interface);
    if (!interface) {
        show_address(shown, index);
        return;
    }
    detail_add(shown->detail, "{");
    detail_add_bytes(shown->detail, interface->ifr_name, strnlen(interface->ifr_name, IFNAMSIZ));
    add_interface_value(shown->detail, (unsigned)shown->event->args[index - 1], interface);
    detail_add(shown->detail, "}");
}

static void add_file_flags(struct shown *shown, unsigned index)
{
    const uint32_t *flags = shown_struct(shown, index, sizeof *flags);
    if (!flags) {
        show_address(shown, index);
        return;
    }
    detail_add(shown->detail, "[");
    add_words_of(shown->detail, "file_flags", *flags);
    detail_add(shown->detail, "]");
}

/* "{FS_XFLAG_NODUMP, extents of 0 bytes, 1 extents, project 0}" */
static void add_extended_flags(struct shown *shown, unsigned index)
{
    const struct fsxattr *file = shown_struct(shown, index, sizeof *file);
    if (!file) {
        show_address(shown, index);
        return;
    }
    detail_add(shown->detail, "{");
    add_words_of(shown->detail, "extended_flags", file->fsx_xflags);
    detail_format(shown->detail, "%sextents of %u bytes, %u extents, project %u}", file->fsx_xflags ? ", " : "",
                  file->fsx_extsize, file->fsx_nextents, file->fsx_projid);
}

/* How much room there is for network interfaces, or how much they take. */
static void add_interfaces(struct shown *shown, unsigned index)
{
    const struct ifconf *list = shown_struct(shown, index, sizeof *list);
    if (list)
        detail_format(shown->detail, "{%d bytes}", list->ifc_len);
    else
        show_address(shown, index);
}

/* If a number, a set of flags or one of the structures above is there. */
void show_ioctl_argument(struct shown *shown, unsigned index)
{
    const struct winsize *size = shown_struct(shown, index, sizeof *size);
    const int *number = (const int *)size;
    const uint32_t request = (uint32_t)shown->event->args[index - 1];
    switch (request) {
    case FIONBIO:
    case FIOASYNC:
    case FIONREAD:
    case TIOCOUTQ:
    case TIOCGPGRP:
    case TIOCSPGRP:
    case TIOCGSID:
    case TIOCGPTN:
    case TIOCSPTLCK:
    case SIOCATMARK:
    case FIGETBSZ:
    case BLKSSZGET:
        if (number)
            detail_format(shown->detail, "[%d]", *number);
        else
            show_address(shown, index);
        break;
    case TIOCGPTPEER:
        add_words_of(shown->detail, "open", (uint32_t)shown->event->args[index]);
        break;
    case TIOCGWINSZ:
    case TIOCSWINSZ:
        if (size)
            detail_format(shown->detail, "{rows %u, columns %u}", size->ws_row, size->ws_col);
        else
            show_address(shown, index);
        break;
    case TCGETS:
    case TCSETS:
    case TCSETSW:
    case TCSETSF:
        add_terminal(shown, index);
        break;
    case TCFLSH:
        add_words_of(shown->detail, "tty_flush", (uint32_t)shown->event->args[index]);
        break;
    case TCXONC:
        add_words_of(shown->detail, "tty_flow", (uint32_t)shown->event->args[index]);
        break;
    case FICLONE:
        show_descriptor(shown, index);
        break;
    case FS_IOC_GETFLAGS:
    case FS_IOC_SETFLAGS:
        add_file_flags(shown, index);
        break;
    case FS_IOC_FSGETXATTR:
    case FS_IOC_FSSETXATTR:
        add_extended_flags(shown, index);
        break;
    case SIOCGIFCONF:
        add_interfaces(shown, index);
        break;
    default:
        if (request >= SIOCGIFNAME && request <= SIOCGIFINDEX)
            add_interface(shown, index);
        else
            show_address(shown, index);
    }
}
