import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { root } from '../root.js';
import { compiler, everything, footprint, mainFile } from './footprint.js';

const source = path => readFileSync(join(root, path), 'utf8');

test('A queue holds locks for five minutes, dead-letters what expires and detects duplicates', async () => {
  for (const { properties } of (await footprint(everything)).ofType('Microsoft.ServiceBus/namespaces/queues')) {
    assert.deepEqual(properties, {
      lockDuration: 'PT5M', maxDeliveryCount: 10, deadLetteringOnMessageExpiration: true, defaultMessageTimeToLive: 'P14D',
      requiresDuplicateDetection: true, duplicateDetectionHistoryTimeWindow: 'PT30M', enablePartitioning: false,
      enableBatchedOperations: true, maxSizeInMegabytes: 5120,
    });
  }
});

test('Keys open nothing: identities alone do', async () => {
  const { ofType } = await footprint(everything);
  const locks = {
    'Microsoft.Storage/storageAccounts': { allowSharedKeyAccess: false, defaultToOAuthAuthentication: true },
    'Microsoft.ServiceBus/namespaces': { disableLocalAuth: true },
    'Microsoft.Insights/components': { DisableLocalAuth: true },
    'Microsoft.KeyVault/vaults': { enableRbacAuthorization: true },
    'Microsoft.Web/sites/basicPublishingCredentialsPolicies': { allow: false },
  };
  for (const [type, lock] of Object.entries(locks)) {
    assert.ok(ofType(type).length > 0, type);
    for (const { name, properties } of ofType(type)) assert.deepEqual({ ...properties, ...lock }, properties, name);
  }
});

test('Nothing speaks TLS older than 1.2 or plain HTTP', async () => {
  const { ofType } = await footprint(everything);
  for (const { properties } of ofType('Microsoft.Storage/storageAccounts')) {
    assert.equal(properties.minimumTlsVersion, 'TLS1_2');
    assert.equal(properties.supportsHttpsTrafficOnly, true);
  }
  for (const { properties } of ofType('Microsoft.ServiceBus/namespaces')) assert.equal(properties.minimumTlsVersion, '1.2');
  for (const { properties } of ofType('Microsoft.Web/sites')) {
    assert.equal(properties.httpsOnly, true);
    assert.equal(properties.siteConfig.minTlsVersion, '1.2');
  }
});

test('No blob is public', async () => {
  const { ofType } = await footprint(everything);
  for (const { properties } of ofType('Microsoft.Storage/storageAccounts')) assert.equal(properties.allowBlobPublicAccess, false);
  for (const { name, properties } of ofType('Microsoft.Storage/storageAccounts/blobServices/containers')) {
    assert.ok([undefined, 'None'].includes(properties?.publicAccess), name);
  }
});

test('Every region without a share, a closed one too, reads one catalog file in a container of its own in the shared account', async () => {
  const everything = { location: 'swedencentral', regions: [{ name: 'swedencentral', closed: true }, { name: 'eastus2' }, { name: 'westeurope' }] };
  const { ofType, outputs, settings } = await footprint(everything);
  assert.equal(outputs.EDGEROUTER_CATALOG_COPIES, '');
  const containers = ofType('Microsoft.Storage/storageAccounts/blobServices/containers').filter(({ name }) => name.endsWith('/catalog'));
  assert.equal(containers.length, 1);
  const account = containers[0].name.split('/')[0];
  assert.equal(outputs.EDGEROUTER_CATALOG_URL, `https://${account}.blob.core.windows.net/catalog/models.json`);
  for (const { name } of everything.regions) assert.equal(settings(name).EdgeRouter__Catalog__Files__0, outputs.EDGEROUTER_CATALOG_URL);
});

test('No output and no setting asks a resource for its keys', async () => {
  const { contents } = await compiler.compile(mainFile);
  assert.doesNotMatch(contents, /\blist(Keys|Secrets|AccountSas|ServiceSas)?\(|AccountKey=|SharedAccessKey=/);
});

test('An app runs .NET 10 isolated with the concurrency and waiting instances asked for', async () => {
  const { ofType } = await footprint({ httpConcurrency: 250, alwaysReadyHttp: 3, instanceMemoryMB: 4096, maximumInstanceCount: 60 });
  for (const { properties } of ofType('Microsoft.Web/sites')) {
    const { runtime, scaleAndConcurrency } = properties.functionAppConfig;
    assert.deepEqual(runtime, { name: 'dotnet-isolated', version: '10.0' });
    assert.deepEqual(scaleAndConcurrency, {
      instanceMemoryMB: 4096, maximumInstanceCount: 60, alwaysReady: [{ name: 'http', instanceCount: 3 }], triggers: { http: { perInstanceConcurrency: 250 } },
    });
  }
  for (const { sku } of ofType('Microsoft.Web/serverfarms')) assert.deepEqual(sku, { name: 'FC1', tier: 'FlexConsumption' });
});

test('A zone redundant app keeps at least two instances waiting', async () => {
  for (const { properties } of (await footprint(everything)).ofType('Microsoft.Web/sites')) {
    assert.equal(properties.functionAppConfig.scaleAndConcurrency.alwaysReady[0].instanceCount, 2);
  }
});

test('An app takes its package from an account of its own region, apart from the one that the host writes, as its identity', async () => {
  const { ofType } = await footprint(everything);
  const accounts = ofType('Microsoft.Storage/storageAccounts');
  for (const { name, properties, location, identity: own } of ofType('Microsoft.Web/sites')) {
    const { type, value, authentication } = properties.functionAppConfig.deployment.storage;
    const identity = ofType('Microsoft.ManagedIdentity/userAssignedIdentities').find(known => known.location === location);
    const account = accounts.find(({ name }) => value === `https://${name}.blob.core.windows.net/packages`);
    assert.equal(type, 'blobContainer');
    assert.equal(account.location, location);
    const host = ofType('Microsoft.Web/sites/config').find(({ id }) => id.includes(`/sites/${name}/`)).properties.AzureWebJobsStorage__blobServiceUri;
    assert.notEqual(host, `https://${account.name}.blob.core.windows.net/`);
    assert.deepEqual(authentication, { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identity.id });
    assert.deepEqual(Object.keys(own.userAssignedIdentities), [identity.id]);
    assert.equal(properties.keyVaultReferenceIdentity, identity.id);
  }
});

test('Front Door waits 240 s, neither caches nor compresses, probes /health/ready and goes by latency', async () => {
  const { ofType } = await footprint(everything);
  const [profile] = ofType('Microsoft.Cdn/profiles');
  const [group] = ofType('Microsoft.Cdn/profiles/originGroups');
  const [route] = ofType('Microsoft.Cdn/profiles/afdEndpoints/routes');
  assert.equal(profile.properties.originResponseTimeoutSeconds, 240);
  assert.equal('cacheConfiguration' in route.properties, false);
  assert.deepEqual(route.properties.patternsToMatch, ['/*']);
  assert.equal(route.properties.forwardingProtocol, 'HttpsOnly');
  assert.equal(route.properties.originGroup.id, group.id);
  assert.equal(group.properties.healthProbeSettings.probePath, '/health/ready');
  assert.equal(group.properties.sessionAffinityState, 'Disabled');
  const origins = ofType('Microsoft.Cdn/profiles/originGroups/origins').map(({ properties }) => properties);
  assert.deepEqual(new Set(origins.map(({ priority, weight }) => `${priority}/${weight}`)), new Set(['1/1000']));
  for (const { hostName, originHostHeader } of origins) assert.equal(originHostHeader, hostName);
});

test('Front Door takes away the header by which the host finds its invocations', async () => {
  const { ofType } = await footprint(everything);
  const [set] = ofType('Microsoft.Cdn/profiles/ruleSets');
  const [rule] = ofType('Microsoft.Cdn/profiles/ruleSets/rules');
  const [route] = ofType('Microsoft.Cdn/profiles/afdEndpoints/routes');
  assert.deepEqual(route.properties.ruleSets, [{ id: set.id }]);
  assert.deepEqual(rule.properties.actions, [{
    name: 'ModifyRequestHeader',
    parameters: { typeName: 'DeliveryRuleHeaderActionParameters', headerAction: 'Delete', headerName: 'x-ms-invocation-id' },
  }]);
  assert.deepEqual(rule.properties.conditions, []);
});

test('Every region has alerts on dead letters above 0 and on the age of its queue', async () => {
  const { ofType } = await footprint(everything);
  const alerts = ofType('Microsoft.Insights/metricAlerts')
    .map(({ properties }) => ({ ...properties.criteria.allOf[0], scope: properties.scopes[0], actions: properties.actions.length }));
  for (const { id } of ofType('Microsoft.ServiceBus/namespaces')) {
    const here = alerts.filter(({ scope }) => scope === id);
    assert.deepEqual(here.map(({ metricName, timeAggregation, operator, threshold, actions }) => [metricName, timeAggregation, operator, threshold, actions]), [
      ['DeadletteredMessages', 'Maximum', 'GreaterThan', 0, 1],
      ['ActiveMessages', 'Minimum', 'GreaterThan', 100, 1],
    ]);
    for (const { dimensions } of here) assert.deepEqual(dimensions, [{ name: 'EntityName', operator: 'Include', values: ['usage'] }]);
  }
});

test('Every place for telemetry has an alert on its rate of 5xx, told to the operators', async () => {
  const { ofType } = await footprint(everything);
  const [operators] = ofType('Microsoft.Insights/actionGroups');
  const rules = ofType('Microsoft.Insights/scheduledQueryRules').map(({ properties }) => properties);
  const query = source('infra/modules/failing-requests.kql');
  assert.deepEqual(rules.map(({ scopes }) => scopes[0]), ofType('Microsoft.OperationalInsights/workspaces').map(({ id }) => id));
  for (const { actions, criteria } of rules) {
    assert.deepEqual(actions.actionGroups, [operators.id]);
    assert.equal(criteria.allOf[0].query, query);
  }
  assert.equal(operators.properties.emailReceivers[0].emailAddress, 'operators@example.com');
});

test('The alert on 5xx goes by the answer\'s status, and leaves out callers who left, whom the host counts as failed', () => {
  const query = source('infra/modules/failing-requests.kql');
  const code = query.replace(/^\/\/.*$/gm, '');
  assert.match(code, /failed = sumif\(ItemCount, toint\(ResultCode\) between \(500 \.\. 599\)\)/);
  assert.match(code, /AppRequests\s*\|[^|]*OperationId !in \(gone\)/);
  assert.doesNotMatch(code, /\bSuccess\b/);
  // The router's own signal: what the app writes when a caller leaves.
  const [, words] = /AppTraces \| where Message startswith "([^"]+)"/.exec(code);
  const [, message] = /LogLevel\.Information, "([^"]+)"\)\]\s*public static partial void CallerDisconnected/.exec(source('src/EdgeRouter.Functions/FunctionsLog.cs'));
  assert.ok(message.startsWith(words), message);
  // It gets there: the host takes what functions write at this level and above.
  assert.equal(JSON.parse(source('host.json')).logging.logLevel.Function, 'Information');
  // The host's own signal is in exceptions, which are never sampled.
  assert.match(code, /AppExceptions \| where tostring\(Details\) has "RequestCanceled"/);
  assert.ok(JSON.parse(source('host.json')).logging.applicationInsights.samplingSettings.excludedTypes.split(';').includes('Exception'));
});
