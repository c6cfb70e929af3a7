/** Debugging: enable, run, and loop over the events. The same as src/examples/use_debugging.c. */
import { Tracer } from '../ringscope.js';

let now = 1; // the program's own time, so that the output is the same on every machine
const tracer = await Tracer.load({ clock: () => now });

/** @param {string} path */
function loadConfig(path) {
  tracer.span('FILE', 'load config', () => {
    tracer.event('FILE', 'open', path);
    now += 0.25;
    tracer.event('MEMORY', 'alloc', '4096 bytes');
    now += 1.5;
  });
}

tracer.enable();
tracer.event('PROCESS', 'start');
loadConfig('/etc/app.conf');
loadConfig('/home/me/app.conf');
tracer.record({ category: 'SIGNAL', name: 'deliver', detail: 'SIGTERM', pid: 7 });
tracer.disable();

for (const { timestamp, category, name, detail } of tracer.events())
  console.log(`[${timestamp.toFixed(2)}] ${category} ${name}: ${detail ?? ''}`);
tracer.dispose();
