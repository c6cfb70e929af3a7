/** How an event is described to people who cannot see it. Pure. */
import { formatDuration, formatTime } from '../timeline/format.js';

const FAILED = 1;

/**
 * @param {import('../trace/types.js').Overview} overview
 * @param {import('../trace/types.js').EventDetails} event
 */
export function spokenOf({ tracks, processes, resolutionNs }, event) {
  const { name, tid, process } = tracks[event.track];
  const lasted =
    event.kind === 'span'
      ? formatDuration(event.durationNs, resolutionNs)
      : `at ${formatTime(event.startNs, 1e3)}`;
  const who = [processes[process]?.name, name || `thread ${tid}`];
  const once = who.filter((word, at) => word && who.indexOf(word) === at);
  return [event.name, lasted, event.flags & FAILED ? 'failed' : '', ...once]
    .filter(Boolean)
    .join(', ');
}
