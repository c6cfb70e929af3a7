/** Names that mean that a thread waits: otherwise every "slowest" would be a sleep. Pure. */

const WAITING = new Set(
  `accept accept4 clock_nanosleep connect epoll_pwait epoll_pwait2 epoll_wait flock futex
  futex_wait futex_waitv idle io_getevents io_uring_enter mq_timedreceive msgrcv nanosleep
  pause poll ppoll pselect6 recv recvfrom recvmmsg recvmsg restart_syscall rt_sigsuspend
  rt_sigtimedwait runnable select semop semtimedop sleep vfork wait wait4 waitid waiting
  waitpid yield`.split(/\s+/),
);

/** @param {string} name */
export const isWaiting = (name) => WAITING.has(name.toLowerCase());
