import { createConfig, lintFromString } from '@redocly/openapi-core';
import { Spectral } from '@stoplight/spectral-core';
import { oas } from '@stoplight/spectral-rulesets';
import { expect, it } from 'vitest';
import { appFor } from '../../helpers/app.ts';

const contact = { url: 'https://inkoop.example/contact', email: 'api@inkoop.example' };

/** The document as a program gets it, with a fault in it where one is asked for. */
async function documentOf(spoil: (document: Body) => void = () => {}) {
  const { app } = await appFor({} as never, { contact });
  const document = (await app.inject('/api/v1/openapi.json')).json<Body>();
  spoil(document);
  return document;
}

interface Body {
  paths: Record<string, Record<string, { description?: string; security?: unknown }>>;
}

async function findSpectral(document: Body) {
  const spectral = new Spectral();
  spectral.setRuleset({ extends: [[oas as never, 'recommended']] });
  const findings = await spectral.run(document as never);
  const rules = Object.values(spectral.ruleset!.rules).filter(({ enabled }) => enabled).length;
  return { rules, findings: findings.map(({ code, path, message }) => `${code} ${path.join('.')} ${message}`) };
}

async function findRedocly(document: Body) {
  const config = await createConfig({ extends: ['recommended'] });
  const findings = await lintFromString({ source: JSON.stringify(document), absoluteRef: '/openapi.json', config });
  const severities = Object.values({ ...config.rules.oas3_1, ...config.preprocessors.oas3_1 });
  const rules = severities.filter((one) => (typeof one === 'string' ? one : one.severity) !== 'off').length;
  return { rules, findings: findings.map(({ ruleId, location, message }) => `${ruleId} ${location[0]?.pointer} ${message}`) };
}

it.each([
  ['spectral:oas', findSpectral],
  ["Redocly's recommended", findRedocly],
])('has nothing that the rules of %s find', async (name, find) => {
  const { rules, findings } = await find(await documentOf());
  console.log(`${name}: ${findings.length} findings by ${rules} rules`);
  expect(findings).toEqual([]);
  expect(rules).toBeGreaterThan(30);
});

it('would be found out by each of them', async () => {
  const undescribed = await documentOf(({ paths }) => delete paths['/insurers']!['get']!.description);
  expect((await findSpectral(undescribed)).findings).toEqual([expect.stringContaining('operation-description paths./insurers.get')]);
  const unsecured = await documentOf(({ paths }) => delete paths['/insurers']!['get']!.security);
  expect((await findRedocly(unsecured)).findings).toEqual([expect.stringContaining('security-defined')]);
});
