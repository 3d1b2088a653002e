// The functions of the Bicep language that infra/ uses. One that is missing here fails the test that meets it.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const digest = (...parts) => createHash('sha256').update(parts.join('|')).digest('hex');
const subscriptionId = '/subscriptions/00000000-0000-0000-0000-000000000001';

export const functions = file => ({
  empty: value => value == null || value.length === 0 || (typeof value === 'object' && Object.keys(value).length === 0),
  length: value => value.length,
  filter: (items, keep) => items.filter(item => keep(item)),
  join: (items, separator) => items.join(separator),
  max: Math.max,
  replace: (text, from, to) => text.replaceAll(from, to),
  union: (...objects) => Object.assign({}, ...objects),
  toObject: (items, key, value) => Object.fromEntries(items.map(item => [key(item), value(item)])),
  uniqueString: (...parts) => digest(...parts).slice(0, 13),
  guid: (...parts) => digest(...parts).slice(0, 32),
  subscription: () => ({ id: subscriptionId, tenantId: '00000000-0000-0000-0000-000000000002' }),
  environment: () => ({ suffixes: { storage: 'core.windows.net' } }),
  subscriptionResourceId: (type, name) => `${subscriptionId}/providers/${type}/${name}`,
  loadJsonContent: path => JSON.parse(readFileSync(join(dirname(file), path), 'utf8')),
});
