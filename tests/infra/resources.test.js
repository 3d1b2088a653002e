import assert from 'node:assert/strict';
import test from 'node:test';
import { everything, footprint } from './footprint.js';

test('A queue holds locks for five minutes, dead-letters what expires and detects duplicates', () => {
  for (const { body } of footprint(everything).ofType('Microsoft.ServiceBus/namespaces/queues')) {
    assert.deepEqual(body, {
      name: 'usage',
      properties: {
        lockDuration: 'PT5M', maxDeliveryCount: 10, deadLetteringOnMessageExpiration: true, defaultMessageTimeToLive: 'P14D',
        requiresDuplicateDetection: true, duplicateDetectionHistoryTimeWindow: 'PT30M', enablePartitioning: false,
        enableBatchedOperations: true, maxSizeInMegabytes: 5120,
      },
    });
  }
});

test('Keys open nothing: identities alone do', () => {
  const { ofType } = footprint(everything);
  for (const { body } of ofType('Microsoft.Storage/storageAccounts')) {
    assert.equal(body.properties.allowSharedKeyAccess, false);
    assert.equal(body.properties.allowBlobPublicAccess, false);
    assert.equal(body.properties.minimumTlsVersion, 'TLS1_2');
  }
  for (const { body } of ofType('Microsoft.ServiceBus/namespaces')) assert.equal(body.properties.disableLocalAuth, true);
  for (const { body } of ofType('Microsoft.Insights/components')) assert.equal(body.properties.DisableLocalAuth, true);
  for (const { body } of ofType('Microsoft.KeyVault/vaults')) assert.equal(body.properties.enableRbacAuthorization, true);
  for (const { body } of ofType('Microsoft.Web/sites/basicPublishingCredentialsPolicies')) assert.equal(body.properties.allow, false);
});

test('An app runs .NET 10 isolated with the concurrency and waiting instances asked for', () => {
  const { ofType } = footprint({ httpConcurrency: 250, alwaysReadyHttp: 3, instanceMemoryMB: 4096, maximumInstanceCount: 60 });
  for (const { body } of ofType('Microsoft.Web/sites')) {
    const { runtime, scaleAndConcurrency } = body.properties.functionAppConfig;
    assert.deepEqual(runtime, { name: 'dotnet-isolated', version: '10.0' });
    assert.deepEqual(scaleAndConcurrency, {
      instanceMemoryMB: 4096, maximumInstanceCount: 60, alwaysReady: [{ name: 'http', instanceCount: 3 }], triggers: { http: { perInstanceConcurrency: 250 } },
    });
  }
  for (const { body } of ofType('Microsoft.Web/serverfarms')) assert.deepEqual(body.sku, { name: 'FC1', tier: 'FlexConsumption' });
});

test('A zone redundant app keeps at least two instances waiting', () => {
  for (const { body } of footprint({ zoneRedundant: true }).ofType('Microsoft.Web/sites')) assert.equal(body.properties.functionAppConfig.scaleAndConcurrency.alwaysReady[0].instanceCount, 2);
});

test('An app takes its package from its own region\'s account, as its identity', () => {
  const { ofType } = footprint(everything);
  const accounts = ofType('Microsoft.Storage/storageAccounts');
  const [identity] = ofType('Microsoft.ManagedIdentity/userAssignedIdentities');
  for (const { body } of ofType('Microsoft.Web/sites')) {
    const { type, value, authentication } = body.properties.functionAppConfig.deployment.storage;
    const account = accounts.find(({ name }) => value === `https://${name}.blob.core.windows.net/packages`);
    assert.equal(type, 'blobContainer');
    assert.equal(account.body.location, body.location);
    assert.deepEqual(authentication, { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identity.id });
    assert.deepEqual(Object.keys(body.identity.userAssignedIdentities), [identity.id]);
    assert.equal(body.properties.keyVaultReferenceIdentity, identity.id);
  }
});

test('Front Door waits 240 s, neither caches nor compresses, probes /health and goes by latency', () => {
  const { ofType } = footprint(everything);
  const [profile] = ofType('Microsoft.Cdn/profiles');
  const [group] = ofType('Microsoft.Cdn/profiles/originGroups');
  const [route] = ofType('Microsoft.Cdn/profiles/afdEndpoints/routes');
  assert.equal(profile.body.properties.originResponseTimeoutSeconds, 240);
  assert.equal('cacheConfiguration' in route.body.properties, false);
  assert.deepEqual(route.body.properties.patternsToMatch, ['/*']);
  assert.equal(route.body.properties.forwardingProtocol, 'HttpsOnly');
  assert.equal(route.body.properties.originGroup.id, group.id);
  assert.equal(group.body.properties.healthProbeSettings.probePath, '/health');
  assert.equal(group.body.properties.sessionAffinityState, 'Disabled');
  const origins = ofType('Microsoft.Cdn/profiles/originGroups/origins').map(({ body }) => body.properties);
  assert.deepEqual(new Set(origins.map(({ priority, weight }) => `${priority}/${weight}`)), new Set(['1/1000']));
  for (const { hostName, originHostHeader } of origins) assert.equal(originHostHeader, hostName);
});

test('Front Door takes away the header by which the host finds its invocations', () => {
  const { ofType } = footprint(everything);
  const [set] = ofType('Microsoft.Cdn/profiles/ruleSets');
  const [rule] = ofType('Microsoft.Cdn/profiles/ruleSets/rules');
  const [route] = ofType('Microsoft.Cdn/profiles/afdEndpoints/routes');
  assert.deepEqual(route.body.properties.ruleSets, [{ id: set.id }]);
  assert.deepEqual(rule.body.properties.actions, [{
    name: 'ModifyRequestHeader',
    parameters: { typeName: 'DeliveryRuleHeaderActionParameters', headerAction: 'Delete', headerName: 'x-ms-invocation-id' },
  }]);
  assert.deepEqual(rule.body.properties.conditions, []);
});

test('Every region has alerts on dead letters above 0 and on the age of its queue', () => {
  const { ofType } = footprint(everything);
  const alerts = ofType('Microsoft.Insights/metricAlerts').map(({ body }) => ({ ...body.properties.criteria.allOf[0], scope: body.properties.scopes[0], actions: body.properties.actions.length }));
  for (const { id } of ofType('Microsoft.ServiceBus/namespaces')) {
    const here = alerts.filter(({ scope }) => scope === id);
    assert.deepEqual(here.map(({ metricName, timeAggregation, operator, threshold, actions }) => [metricName, timeAggregation, operator, threshold, actions]), [
      ['DeadletteredMessages', 'Maximum', 'GreaterThan', 0, 1],
      ['ActiveMessages', 'Minimum', 'GreaterThan', 100, 1],
    ]);
    for (const { dimensions } of here) assert.deepEqual(dimensions, [{ name: 'EntityName', operator: 'Include', values: ['usage'] }]);
  }
});

test('Every place for telemetry has an alert on its rate of 5xx, told to the operators', () => {
  const { ofType } = footprint(everything);
  const [operators] = ofType('Microsoft.Insights/actionGroups');
  const rules = ofType('Microsoft.Insights/scheduledQueryRules').map(({ body }) => body.properties);
  assert.deepEqual(rules.map(({ scopes }) => scopes[0]), ofType('Microsoft.OperationalInsights/workspaces').map(({ id }) => id));
  for (const { actions, criteria } of rules) {
    assert.deepEqual(actions.actionGroups, [operators.id]);
    assert.match(criteria.allOf[0].query, /between \(500 \.\. 599\)/);
  }
  assert.equal(operators.body.properties.emailReceivers[0].emailAddress, 'operators@example.com');
});
