/**
 * What waits instead of working: otherwise every "slowest" would be a sleep. Pure.
 */

const WAITS = 32; // enum timeline_flag

/** In traces of other recorders than ours, which says it itself of each call. */
const WAITING = new Set(
  `accept accept4 clock_nanosleep connect epoll_pwait epoll_pwait2 epoll_wait flock futex
  futex_wait futex_waitv idle io_getevents io_uring_enter mq_timedreceive msgrcv nanosleep
  pause poll ppoll pselect6 recv recvfrom recvmmsg recvmsg restart_syscall rt_sigsuspend
  rt_sigtimedwait runnable select semop semtimedop sleep vfork wait wait4 waitid waiting
  waitpid yield`.split(/\s+/),
);

/** @param {string} name */
export const isWaiting = (name) => WAITING.has(name.toLowerCase());

/**
 * Whether its recorder said so, or its name.
 * @param {{ name: string, flags: number }} event
 */
export const eventWaits = ({ name, flags }) => (flags & WAITS) !== 0 || isWaiting(name);
