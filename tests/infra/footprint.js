// What the tests share: where the template is, and what it deploys for some parameters.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { deploy } from './bicep/deploy.js';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const mainFile = join(root, 'infra/main.bicep');
export const bicepFiles = readdirSync(join(root, 'infra'), { recursive: true })
  .filter(name => name.endsWith('.bicep'))
  .map(name => join(root, 'infra', name));

/** Two open regions, one closed one that also holds the shared resources, and every option on. */
export const everything = {
  regions: [{ name: 'swedencentral', closed: true }, { name: 'eastus2' }, { name: 'westeurope', closed: false }],
  location: 'swedencentral',
  frontDoor: true,
  providers: ['openai', 'google-ai'],
  principalId: 'whoever-deploys',
  alertEmail: 'operators@example.com',
  zoneRedundant: true,
};

export const footprint = (parameters = {}) => {
  const deployed = deploy(mainFile, { environmentName: 'test', location: 'eastus2', ...parameters });
  return {
    ...deployed,
    ofType: type => deployed.resources.filter(resource => resource.type === type),
    /** The app settings of one region. */
    settings: region => deployed.resources.find(resource => resource.type === 'Microsoft.Web/sites/config' && resource.module.includes(`/region-${region}/`)).body.properties,
  };
};
