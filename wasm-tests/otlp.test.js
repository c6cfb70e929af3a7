/** `export --to otlp` compared with OpenTelemetry's own serializer, and with `query` on the same trace. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import otlp from '@opentelemetry/otlp-transformer';
import { nativeProgram } from './support/paths.js';

const native = (...args) => execFileSync(nativeProgram('ringscope'), args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] });

function folder(t) {
  const directory = mkdtempSync(join(tmpdir(), 'ringscope-otlp-'));
  t.after(() => rmSync(directory, { recursive: true }));
  return directory;
}

const exported = (file) => native('export', file, '--to', 'otlp').trimEnd().split('\n').map((line) => JSON.parse(line));
const serialized = (serializer, request) => JSON.parse(new TextDecoder().decode(serializer.serializeRequest(request)));
const hrTime = (ns) => [Number(BigInt(ns) / 1000000000n), Number(BigInt(ns) % 1000000000n)];
const attributesOf = (list) => Object.fromEntries(list.map(({ key, value }) => [key, Object.values(value)[0]]));
const resourceOf = ({ attributes }) => ({ attributes: attributesOf(attributes), asyncAttributesPending: false });

/** One of our spans as OpenTelemetry's library has it before serializing it. */
function readable(span, resource, scope) {
  const context = (spanId) => ({ traceId: span.traceId, spanId, traceFlags: 1 });
  return {
    name: span.name,
    kind: span.kind - 1,
    spanContext: () => context(span.spanId),
    parentSpanContext: span.parentSpanId && context(span.parentSpanId),
    startTime: hrTime(span.startTimeUnixNano),
    endTime: hrTime(span.endTimeUnixNano),
    status: span.status,
    attributes: attributesOf(span.attributes),
    links: [],
    events: span.events.map((event) => ({ name: event.name, time: hrTime(event.timeUnixNano), attributes: attributesOf(event.attributes) })),
    duration: [0, 0],
    ended: true,
    resource,
    instrumentationScope: scope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0
  };
}

function assertSpansAsSerialized(request) {
  const [{ resource, scopeSpans: [{ scope, spans }] }] = request.resourceSpans;
  const of = resourceOf(resource);
  assert.deepEqual(request, serialized(otlp.JsonTraceSerializer, spans.map((span) => readable(span, of, scope))));
}

/** One of our metrics as the library has it: 0 is a histogram, 2 a gauge, 3 a sum. */
function metricOf(metric) {
  const kind = metric.histogram ? 0 : metric.gauge ? 2 : 3;
  const { dataPoints, isMonotonic } = metric.histogram ?? metric.gauge ?? metric.sum;
  return {
    descriptor: { name: metric.name, description: metric.description, unit: metric.unit, valueType: kind === 3 ? 0 : 1 },
    aggregationTemporality: 1,
    dataPointType: kind,
    isMonotonic,
    dataPoints: dataPoints.map((point) => ({
      startTime: hrTime(point.startTimeUnixNano),
      endTime: hrTime(point.timeUnixNano),
      attributes: attributesOf(point.attributes),
      value: kind !== 0 ? (point.asInt ?? point.asDouble) : {
        min: point.min, max: point.max, sum: point.sum, count: point.count,
        buckets: { boundaries: point.explicitBounds, counts: point.bucketCounts }
      }
    }))
  };
}

function assertMetricsAsSerialized(request) {
  const [{ resource, scopeMetrics: [{ scope, metrics }] }] = request.resourceMetrics;
  const scopeMetrics = [{ scope, metrics: metrics.map(metricOf) }];
  assert.deepEqual(request, serialized(otlp.JsonMetricsSerializer, { resource: resourceOf(resource), scopeMetrics }));
}

const spansOf = (lines) => lines.flatMap(({ resourceSpans }) => resourceSpans?.[0].scopeSpans[0].spans ?? []);
const metricsOf = (lines) => lines.flatMap(({ resourceMetrics }) => resourceMetrics?.[0].scopeMetrics[0].metrics ?? []);
const startAndName = (a, b) => a.start - b.start || (a.name < b.name ? -1 : 1);

test('a trace is what the library of OpenTelemetry prints, field for field', (t) => {
  const file = join(folder(t), 'demo.ring');
  native('demo', '-o', file);
  const lines = exported(file);
  for (const line of lines)
    (line.resourceSpans ? assertSpansAsSerialized : assertMetricsAsSerialized)(line);
  const events = JSON.parse(native('query', file, 'select kind, count(*) n from events group by 1 order by 1', '--json'));
  const spans = spansOf(lines);
  const instants = spans.reduce((sum, { events: held }) => sum + held.length, 0);
  const samples = metricsOf(lines).reduce((sum, { gauge }) => sum + (gauge?.dataPoints.length ?? 0), 0);
  assert.equal(instants + spans.length + samples, events.reduce((sum, { n }) => sum + n, 0));
  assert.equal(samples, events.find(({ kind }) => kind === 'sample').n);
  assert.equal(new Set(spans.map(({ spanId }) => spanId)).size, spans.length);
});

test('spans have the parents, the durations and the failures that the trace has', (t) => {
  const file = join(folder(t), 'demo.ring');
  native('demo', '-o', file);
  const rows = JSON.parse(native('query', file, `select s.start_ns start, s.name name, s.duration_ns duration, s.failed failed, p.name parent
    from spans s left join spans p on p.id = s.parent where s.duration_ns > 0`, '--json'));
  const spans = spansOf(exported(file)).filter((span) => span.startTimeUnixNano !== span.endTimeUnixNano);
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const ours = spans.map((span) => {
    const parent = byId.get(span.parentSpanId);
    assert.equal(parent ? parent.traceId : `${span.traceId.slice(0, 16)}${span.spanId}`, span.traceId);
    return {
      start: Number(span.startTimeUnixNano), name: span.name, duration: Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)),
      failed: span.status.code === 2 ? 1 : 0, parent: parent?.name ?? null
    };
  });
  assert.ok(ours.length > 100 && ours.some(({ parent }) => parent));
  assert.deepEqual(ours.sort(startAndName), rows.sort(startAndName));
});

test('counted operations are sums, and histograms with exact bounds', (t) => {
  const file = join(folder(t), 'demo.ring');
  native('demo', '-o', file);
  const metrics = metricsOf(exported(file));
  const points = (name) => metrics.find((metric) => metric.name === `ringscope.operation.${name}`);
  const rows = JSON.parse(native('query', file, 'select name, count, failed, total_ns, min_ns, max_ns from operations where count > 0', '--json'));
  const counted = (list) => Object.fromEntries(list.map((point) => [point.attributes[0].value.stringValue, point.asInt]));
  assert.deepEqual(counted(points('calls').sum.dataPoints), Object.fromEntries(rows.map(({ name, count }) => [name, count])));
  assert.deepEqual(counted(points('errors').sum.dataPoints), Object.fromEntries(rows.map(({ name, failed }) => [name, failed])));
  for (const point of points('duration').histogram.dataPoints) {
    const row = rows.find(({ name }) => name === point.attributes[0].value.stringValue);
    assert.deepEqual([point.count, point.sum, point.min, point.max], [row.count, row.total_ns, row.min_ns, row.max_ns]);
    assert.equal(point.bucketCounts.reduce((sum, count) => sum + count), point.count);
    const first = point.explicitBounds.findIndex((bound) => point.min <= bound);
    assert.ok(point.bucketCounts[first] > 0 && point.bucketCounts.slice(0, first).every((count) => count === 0));
  }
});

test('any text, many instants, overlapping spans and those of other threads', (t) => {
  const file = join(folder(t), 'trace.json');
  const on = (tid, ts, dur, name, more) => ({ ph: 'X', pid: 7, tid, ts, dur, name, ...more });
  const trace = [
    { ph: 'M', pid: 7, tid: 8, name: 'thread_name', args: { name: 'wor"ker\n' } },
    on(8, 0, 1000, 'outer'), on(8, 10, 100, 'in\u0001"\\\u00e9\ud83d\ude00'), on(8, 50, 100, 'crosses'), on(9, 20, 10, 'elsewhere'),
    on(8, 500, 0, 'no time', { cat: 'file', args: { detail: 'x'.repeat(500), failed: true } }),
    { ph: 'i', pid: 7, tid: 9, ts: 5, name: 'alone' }, on(9, 2000, 1, 'no text?'),
    ...Array.from({ length: 200 }, (_, i) => ({ ph: 'i', pid: 7, tid: 8, ts: 600 + i, name: `mark ${i}` }))
  ];
  const bytes = Buffer.from(JSON.stringify(trace));
  bytes[bytes.indexOf('?')] = 0xff;
  writeFileSync(file, bytes);
  const lines = exported(file);
  for (const line of lines)
    assertSpansAsSerialized(line);
  const spans = spansOf(lines);
  const find = (name) => spans.find((span) => span.name === name);
  const outer = find('outer');
  assert.equal(outer.events.length, 128);
  assert.equal(spans.filter(({ name, parentSpanId }) => name.startsWith('mark') && parentSpanId === outer.spanId).length, 72);
  assert.deepEqual(['in\u0001"\\\u00e9\ud83d\ude00', 'crosses', 'elsewhere', 'alone'].map((name) => find(name).parentSpanId), [outer.spanId, outer.spanId, undefined, undefined]);
  assert.ok(find('no text\ufffd'));
  assert.deepEqual(find('no time').status, { code: 2, message: 'x'.repeat(500) });
  assert.equal(find('outer').attributes.find(({ key }) => key === 'thread.name').value.stringValue, 'wor"ker\n');
  assert.deepEqual(exported(file), lines);
});
