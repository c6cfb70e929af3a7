/** Reads the events of an image as columns, straight from its bytes: no call and no object per event. */


const HIGH = 2 ** 32;

/** @typedef {{ u32: Uint32Array, layout: any, events: any }} Target */

/** The sections that are needed, from the directory. @param {DataView} data @param {any} layout */
function findSections(data, layout) {
  const { header, section } = layout;
  const found = new Map();
  for (let i = 0; i < word(data, header.section_count); i++) {
    const at = header.directory + i * section.bytes;
    found.set(word(data, at + section.kind), {
      offset: word(data, at + section.offset),
      size: word(data, at + section.size),
      entry: word(data, at + section.entry),
    });
  }
  return { lanes: found.get(section.lanes), records: found.get(section.records) };
}

/** A 64-bit integer, exact below 2^53. @param {DataView} data @param {number} at */
function word(data, at) {
  return data.getUint32(at, true) + data.getUint32(at + 4, true) * HIGH;
}

/** The positions of a lane that are held, of its newest events. @param {DataView} data @param {any} layout */
function laneRanges(data, layout) {
  const { lanes, records } = findSections(data, layout);
  const slots = records.entry / layout.record.bytes;
  const capacity = word(data, layout.header.capacity_events);
  const control = data.getBigUint64(layout.header.control, true);
  const epoch = Number(control >> BigInt(layout.header.events_epoch_shift)) % (layout.header.epoch_mask + 1);
  const ranges = [];
  for (let i = 0; i < lanes.size / lanes.entry; i++) {
    const at = lanes.offset + i * lanes.entry;
    const head = word(data, at + layout.lane.head);
    if (word(data, at + layout.lane.events_epoch) !== epoch) continue;
    const first = Math.max(word(data, at + layout.lane.first), head - Math.min(slots, capacity));
    ranges.push({ lane: i, first, head, slots, base: records.offset + i * records.entry });
  }
  return ranges;
}

/** @param {number} count */
function makeColumns(count) {
  return {
    count: 0,
    /** ns since time 0; the start of a span */
    time_ns: new Float64Array(count),
    /** of spans, else 0 */
    duration_ns: new Float64Array(count),
    /** of counter samples, else 0 */
    value: new Float64Array(count),
    category: new Uint8Array(count),
    /** index into the list of kinds */
    kind: new Uint8Array(count),
    /** ids of the image's tables */
    name: new Uint32Array(count),
    track: new Uint16Array(count),
    lane: new Uint16Array(count),
  };
}

/** The mark of the record at a position: see lap_mark() in image.h. @param {number} lap @param {any} record */
function lapMark(lap, record) {
  return (2 * (lap % HIGH) + 1) & record.mark_mask;
}

/**
 * One run of slots without a wrap.
 * @param {ReturnType<typeof makeColumns>} to @param {any} run @param {any} record
 */
function readRun(to, run, record) {
  const { u32, from, slots, mark, lane, originLow, originHigh } = run;
  const shift = (/** @type {number} */ bits) => bits - 32;
  const doubles = new Float64Array(u32.buffer, u32.byteOffset, u32.length / 2);
  const kindShift = shift(record.kind_shift), categoryShift = shift(record.category_shift);
  const nsBit = 1 << shift(record.time_ns_shift);
  const trackShift = shift(record.track_shift);
  const nameLowBits = 32 - record.name_shift, nameHighMask = record.name_mask >>> nameLowBits;
  let n = to.count;
  for (let slot = from, at = from * record.bytes / 4; slot < from + slots; slot++, at += record.bytes / 4) {
    const low = u32[at + 6], high = u32[at + 7];
    if ((low & record.mark_mask) !== mark) continue;
    const kind = (high >>> kindShift) & record.kind_mask;
    const inNs = high & nsBit;
    to.time_ns[n] = inNs ? u32[at] + u32[at + 1] * HIGH : (u32[at + 1] - originHigh) * HIGH + (u32[at] - originLow);
    if (kind === 1) to.duration_ns[n] = u32[at + 2] + u32[at + 3] * HIGH;
    else if (kind === 2) to.value[n] = doubles[(at + 2) / 2];
    to.kind[n] = kind;
    to.category[n] = (high >>> categoryShift) & record.category_mask;
    to.name[n] = (low >>> record.name_shift) | ((high & nameHighMask) << nameLowBits);
    to.track[n] = (high >>> trackShift) & record.track_mask;
    to.lane[n] = lane;
    n++;
  }
  to.count = n;
}

/**
 * @param {Uint8Array} image
 * @param {any} layout as the module describes it
 */
export function columns(image, layout) {
  const data = new DataView(image.buffer, image.byteOffset, image.byteLength);
  if (word(data, layout.header.clock) === layout.header.clock_ticks)
    throw new RangeError('the image counts processor ticks, which events() converts');
  const ranges = laneRanges(data, layout);
  const to = makeColumns(ranges.reduce((sum, range) => sum + range.head - range.first, 0));
  const originLow = data.getUint32(layout.header.origin_ticks, true);
  const originHigh = data.getUint32(layout.header.origin_ticks + 4, true);
  for (const { lane, first, head, slots, base } of ranges) {
    const u32 = new Uint32Array(image.buffer, image.byteOffset + base, (slots * layout.record.bytes) / 4);
    for (let position = first; position < head; ) {
      const lap = Math.floor(position / slots);
      const run = Math.min(head, (lap + 1) * slots) - position;
      const mark = lapMark(lap, layout.record);
      readRun(to, { u32, from: position % slots, slots: run, mark, lane, originLow, originHigh }, layout.record);
      position += run;
    }
  }
  return to;
}
