/** Which names mean that a thread waits: or every "slowest" would be a sleep. Pure. */

const WAITING = new Set(
  `accept accept4 clock_nanosleep connect epoll_pwait epoll_pwait2 epoll_wait flock futex
  futex_wait futex_waitv idle io_getevents io_uring_enter mq_timedreceive msgrcv nanosleep
  pause poll ppoll pselect6 recv recvfrom recvmmsg recvmsg restart_syscall rt_sigsuspend
  rt_sigtimedwait runnable select semop semtimedop sleep vfork wait wait4 waitid waiting
  waitpid yield`.split(/\s+/),
);
const STATES = ['running', 'runnable', 'waiting'];

/** @param {string} name */
export const isWaiting = (name) => WAITING.has(name.toLowerCase());

/**
 * Whether it is what the scheduler says of a thread, beside its calls: both would count a time
 * twice.
 * @param {string} name @param {string} category
 */
export const isState = (name, category) => category === 'SCHED' && STATES.includes(name);
