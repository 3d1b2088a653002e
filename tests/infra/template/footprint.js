// What the tests of the template share: where it is, the compiler, and what a deployment with some parameters would make.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after } from 'node:test';
import { root } from '../root.js';
import { Compiler } from './compiler.js';
import { settle } from './expressions.js';

export const mainFile = join(root, 'infra/main.bicep');
export const compiler = new Compiler();

const folder = mkdtempSync(join(tmpdir(), 'edgerouter-infra-'));
after(() => {
  compiler.close();
  rmSync(folder, { recursive: true });
});

const deployment = { subscriptionId: '00000000-0000-0000-0000-000000000001', tenantId: '00000000-0000-0000-0000-000000000002', location: 'eastus2' };

/** Two open regions, one closed one that also holds the shared resources, and every option on. */
export const everything = {
  regions: [{ name: 'swedencentral', closed: true, sharePercent: 20 }, { name: 'eastus2' }, { name: 'westeurope', closed: false, management: false }],
  location: 'swedencentral',
  frontDoor: true,
  providers: ['openai', 'google-ai'],
  nextKeys: ['inference', 'management'],
  principalId: 'whoever-deploys',
  alertEmail: 'operators@example.com',
  zoneRedundant: true,
};

let files = 0;

/** A parameters file of the compiler's own kind, with these values. JSON is nearly Bicep: only its strings are written otherwise. */
export function parametersFile(values) {
  const bicep = value => typeof value === 'string' ? `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('${', '\\${')}'`
    : Array.isArray(value) ? `[\n${value.map(bicep).join('\n')}\n]`
      : value && typeof value === 'object' ? `{\n${Object.entries(value).map(([name, item]) => `${name}: ${bicep(item)}`).join('\n')}\n}` : String(value);
  const file = join(folder, `${++files}.bicepparam`);
  const assignments = Object.entries(values).map(([name, value]) => `param ${name} = ${bicep(value)}\n`);
  writeFileSync(file, `using '${relative(folder, mainFile)}'\n${assignments.join('')}`);
  return file;
}

const forecasts = new Map();

/** What a deployment would make. Parameters that were asked for before are not evaluated again. */
export function footprint(parameters = {}) {
  const values = { environmentName: 'test', location: 'eastus2', ...parameters };
  const key = JSON.stringify(values);
  if (!forecasts.has(key)) forecasts.set(key, forecast(values));
  return forecasts.get(key);
}

async function forecast(values) {
  const { predictedResources, outputs } = await compiler.forecast(parametersFile(values), deployment);
  const resources = predictedResources.map(settle);
  const ofType = type => resources.filter(resource => resource.type === type);
  return {
    resources,
    ofType,
    outputs: settle(outputs),
    /** The app settings of one region. */
    settings: region => {
      const app = ofType('Microsoft.Web/sites').find(site => site.location === region);
      return ofType('Microsoft.Web/sites/config').find(({ name }) => name === `${app.name}/appsettings`).properties;
    },
  };
}
