/** The alert rules and the dashboard in docs/: they ask for nothing that the service does not tell, and stay silent while all is well. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { openBreaker } from '../../db/sending/breaker.ts';
import { queueSummary } from '../../db/sending/summaries.ts';
import type { Deps } from '../../server/deps.ts';
import { appFor } from '../helpers/app.ts';
import { NOW } from '../helpers/cast.ts';
import { onSqlite, type FreshStore } from '../helpers/stores.ts';

interface Rule {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: string };
  annotations: { summary: string; action: string };
}

const { groups } = parse(readFileSync('docs/monitoring/alerts.yaml', 'utf8')) as { groups: { name: string; rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const dashboard = JSON.parse(readFileSync('docs/monitoring/dashboard.json', 'utf8')) as {
  panels: {
    id: number;
    title: string;
    gridPos: { x: number; y: number; w: number; h: number };
    targets: { expr: string; legendFormat: string }[];
  }[];
};
const shown = dashboard.panels.flatMap(({ targets }) => targets);
const asked = [...rules.map(({ expr }) => expr), ...shown.map(({ expr }) => expr)];

/** Words of PromQL, and what Prometheus itself or its scraping adds. */
const WORDS = ['and', 'by', 'sum', 'max', 'count', 'rate', 'increase', 'histogram_quantile', 'up'];
const ADDED_LABELS = ['job', 'instance', 'le'];

/** The names of metrics in an expression, and of the labels that it chooses or groups by. */
function namesIn(expr: string): { metrics: string[]; labels: string[] } {
  const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list]) => list!.split(', '));
  const chosen = [...expr.matchAll(/[{,](\w+)=~?"/g)].map(([, label]) => label!);
  const bare = expr.replaceAll(/\{[^}]*\}|\[[^\]]*\]|\bby \([^)]*\)/g, ' ');
  const metrics = [...bare.matchAll(/[a-z_]\w*/g)].map(([name]) => name).filter((name) => !WORDS.includes(name));
  return { metrics, labels: [...grouped, ...chosen] };
}

async function metricsOf(fresh: FreshStore, over: Partial<Deps> = {}) {
  const { app } = await appFor(await fresh(), over);
  await app.inject('/api/v1/insurers');
  const { body } = await app.inject('/metrics');
  return body;
}

/** By metric, the greatest of its values. */
function valuesIn(body: string): Map<string, number> {
  const values = new Map<string, number>();
  for (const [, name, value] of body.matchAll(/^([a-z_]\w*)(?:\{[^}]*\})? (\S+)$/gm)) {
    values.set(name!, Math.max(values.get(name!) ?? -Infinity, Number(value)));
  }
  return values;
}

/** The alerts of one condition over values as they are now, such as `max(mails_dead) > 0`, that would be raised. */
function raisedBy(body: string): string[] {
  const values = valuesIn(body);
  return rules.flatMap(({ alert, expr }) => {
    const [, metric, bound] = /^(?:max\()?(\w+)\)? > (\d+)$/.exec(expr) ?? [];
    return metric !== undefined && values.get(metric)! > Number(bound) ? [alert] : [];
  });
}

onSqlite('what watches from outside', (fresh) => {
  it('asks only for metrics and labels that are told', async () => {
    const body = await metricsOf(fresh);
    const told = [...valuesIn(body).keys()];
    const labels = [...body.matchAll(/[{,](\w+)="/g)].map(([, label]) => label!);
    // Of these nothing is told before the first poll of a feed.
    expect(body).toContain('# TYPE ready_feed_answers_total counter');
    const names = asked.map(namesIn);
    expect(names.flatMap(({ metrics }) => metrics).filter((name) => !told.includes(name))).toEqual([]);
    expect(names.flatMap((one) => one.labels).filter((label) => !labels.includes(label) && !ADDED_LABELS.includes(label))).toEqual([]);
    expect(names.every(({ metrics }, n) => metrics.length > 0 || asked[n]!.startsWith('up'))).toBe(true);
    expect(namesIn('sum by (le) (rate(no_such_total{code="1"}[5m])) > 1')).toEqual({ metrics: ['no_such_total'], labels: ['le', 'code'] });
  });

  it('raises nothing while all is well, and each alarm when its time has come', async () => {
    expect(raisedBy(await metricsOf(fresh, { lastRoundAt: () => NOW, lastWriteAt: () => NOW }))).toEqual([]);
    const store = await fresh();
    await store.write((tx) => openBreaker(tx, { cause: 'transport', response: 'away' }, NOW));
    await store.write((tx) => queueSummary(tx, '2024-04-02', { to: 'beheer@example.org', subject: 'x', text: 'x' }, NOW));
    const clock = () => new Date(NOW.getTime() + 16 * 60_000);
    const late = await metricsOf(async () => store, { clock, lastRoundAt: () => NOW, lastWriteAt: () => NOW });
    expect(raisedBy(late).sort()).toEqual(['DatabaseTakesNoChanges', 'JobsStuck', 'MailServerTakesNone', 'MailsLate']);
  });
});

it('has rules that Prometheus reads: each once, with how bad it is, what it means and what to do', () => {
  expect(groups.map(({ name }) => name)).toEqual(['inkoopkalender']);
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  for (const { alert, annotations, expr, for: wait = '0m', labels, ...rest } of rules) {
    expect(alert).toMatch(/^[A-Z][A-Za-z]+$/);
    expect(wait).toMatch(/^\d+[mh]$/);
    expect(['critical', 'warning']).toContain(labels.severity);
    expect(Object.keys(annotations)).toEqual(['summary', 'action']);
    expect([annotations.summary, annotations.action].every((text) => /^[A-Z].*\.$/s.test(text))).toBe(true);
    expect([expr.split('(').length, expr.split('[').length, rest]).toEqual([expr.split(')').length, expr.split(']').length, {}]);
  }
});

it('has a dashboard whose panels lie beside one another, and whose legends name labels that are asked for', () => {
  const cells = dashboard.panels.flatMap(({ gridPos: { h, w, x, y } }) =>
    Array.from({ length: w * h }, (_, n) => `${x + (n % w)},${y + Math.floor(n / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  expect(dashboard.panels.every(({ gridPos: { w, x } }) => x + w <= 24)).toBe(true);
  expect(dashboard.panels.map(({ id }) => id)).toEqual(dashboard.panels.map((_, n) => n + 1));
  for (const { expr, legendFormat } of shown) {
    const named = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label!);
    expect(named.filter((label) => !ADDED_LABELS.includes(label) && !namesIn(expr).labels.includes(label))).toEqual([]);
  }
});
