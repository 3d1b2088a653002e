import assert from 'node:assert/strict';
import test from 'node:test';
import { everything, footprint } from './footprint.js';

const siteOf = (deployed, region) => deployed.ofType('Microsoft.Web/sites').find(({ location }) => location === region).properties.siteConfig;
const policies = 'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies';

test('Behind Front Door an app takes requests from its addresses with the header of this very Front Door, and no others', async () => {
  const deployed = await footprint(everything);
  for (const region of ['eastus2', 'westeurope']) {
    const site = siteOf(deployed, region);
    assert.equal(site.ipSecurityRestrictionsDefaultAction, 'Deny');
    assert.deepEqual(site.ipSecurityRestrictions, [{
      name: 'front-door', priority: 100, action: 'Allow', tag: 'ServiceTag', ipAddress: 'AzureFrontDoor.Backend',
      headers: { 'x-azure-fdid': [deployed.outputs.EDGEROUTER_FRONT_DOOR_ID] },
    }]);
  }
});

test('Behind Front Door the site for deployments takes requests from nobody', async () => {
  const deployed = await footprint(everything);
  for (const region of ['eastus2', 'westeurope']) {
    const site = siteOf(deployed, region);
    assert.equal(site.scmIpSecurityRestrictionsUseMain, false);
    assert.equal(site.scmIpSecurityRestrictionsDefaultAction, 'Deny');
    assert.deepEqual(site.scmIpSecurityRestrictions, []);
  }
});

test('A region that Front Door does not lead to takes requests from everywhere, also after Front Door was there', async () => {
  for (const site of [siteOf(await footprint(everything), 'swedencentral'), siteOf(await footprint(), 'eastus2')]) {
    for (const [action, rules] of [
      ['ipSecurityRestrictionsDefaultAction', 'ipSecurityRestrictions'], ['scmIpSecurityRestrictionsDefaultAction', 'scmIpSecurityRestrictions'],
    ]) assert.deepEqual([site[action], site[rules]], ['Allow', []]);
  }
});

test('A firewall policy before the endpoint limits the requests of one address, and blocks what is above with 429', async () => {
  const { ofType } = await footprint({ ...everything, requestsPerMinute: 600 });
  const [policy, ...others] = ofType(policies);
  assert.deepEqual(others, []);
  assert.deepEqual(policy.properties.policySettings, { enabledState: 'Enabled', mode: 'Prevention', customBlockResponseStatusCode: 429 });
  const { matchConditions, name, priority, ...rule } = policy.properties.customRules.rules[0];
  assert.deepEqual(rule, {
    enabledState: 'Enabled', ruleType: 'RateLimitRule', rateLimitDurationInMinutes: 1, rateLimitThreshold: 600, action: 'Block',
  });
  // Everybody: nobody has an address of the range for documentation.
  assert.deepEqual(matchConditions, [{ matchVariable: 'SocketAddr', operator: 'IPMatch', negateCondition: true, matchValue: ['192.0.2.0/24'] }]);
  const [security] = ofType('Microsoft.Cdn/profiles/securityPolicies');
  assert.deepEqual(security.properties.parameters, {
    type: 'WebApplicationFirewall',
    wafPolicy: { id: policy.id },
    associations: [{ domains: [{ id: ofType('Microsoft.Cdn/profiles/afdEndpoints')[0].id }], patternsToMatch: ['/*'] }],
  });
});

test('The firewall policy has the SKU of the profile, and no managed rules, which Standard does not have', async () => {
  const { ofType } = await footprint(everything);
  assert.deepEqual(ofType(policies)[0].sku, ofType('Microsoft.Cdn/profiles')[0].sku);
  assert.equal(ofType(policies)[0].properties.managedRules, undefined);
});

test('A limit of 0 makes a policy without effect of the one that an earlier limit may have left', async () => {
  const { ofType } = await footprint({ ...everything, requestsPerMinute: 0 });
  const before = await footprint({ ...everything, requestsPerMinute: 600 });
  const [{ id, properties }] = ofType(policies);
  assert.equal(id, before.ofType(policies)[0].id);
  assert.deepEqual([properties.policySettings.enabledState, properties.customRules.rules], ['Disabled', []]);
});

test('Without Front Door there is no firewall policy', async () => {
  const { ofType } = await footprint({ ...everything, frontDoor: false });
  assert.deepEqual([...ofType(policies), ...ofType('Microsoft.Cdn/profiles/securityPolicies')], []);
});
