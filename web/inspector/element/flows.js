/** The way along a flow: what woke the selected event, and what it wakes. */
import { select } from './selecting.js';

/** @param {import('./app.js').App} app @param {-1 | 1} direction */
export async function alongFlow(app, direction) {
  const { selected } = app.state;
  if (!selected) return;
  const [next] = (direction > 0 ? selected.leadsTo : selected.comesFrom) ?? [];
  if (next !== undefined) return select(app, next);
  app.update({ spoken: `No flow ${direction > 0 ? 'leaves' : 'arrives at'} ${selected.name}.` });
}
