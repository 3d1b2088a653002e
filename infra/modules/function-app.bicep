import { hostStorageReference, identityReference, scaleOptions, telemetryTarget } from '../types.bicep'

param name string
param location string
param tags object
param identity identityReference
param scale scaleOptions
param hostStorage hostStorageReference
param tablesEndpoint string
param serviceBusNamespace string
param usageQueueName string
param telemetry telemetryTarget
param keyVaultUri string
param catalogFileUrl string
param providers string[]

@description('More app settings; they win.')
param appSettings object

@description('Whether requests must come through Front Door.')
param behindFrontDoor bool

@description('Which Front Door; not read when requests need not come through one.')
param frontDoorId string

// tests/infra/app-settings.json lists these names; a test holds both lists to each other.
// References without a version: a new version of a secret arrives within a day, or at once after `azd hooks run postprovision`.
var hostSettings = {
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identity.clientId
  AzureWebJobsStorage__blobServiceUri: hostStorage.blobEndpoint
  AzureWebJobsStorage__queueServiceUri: hostStorage.queueEndpoint
  AzureWebJobsStorage__tableServiceUri: hostStorage.tableEndpoint
  AzureWebJobsDisableHomepage: 'true'
  APPLICATIONINSIGHTS_CONNECTION_STRING: telemetry.connectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.clientId};Authorization=AAD'
  UsageBus__fullyQualifiedNamespace: serviceBusNamespace
  UsageBus__credential: 'managedidentity'
  UsageBus__clientId: identity.clientId
  UsageQueueName: usageQueueName
  // UTC. Every region runs its timers; those that share tables do no harm to each other.
  RollupSweepSchedule: '0 15 1 * * *'
  StatisticsSnapshotSchedule: '0 */10 * * * *'
  LeaseJanitorSchedule: '0 5/15 * * * *'
}
var routerSettings = {
  EdgeRouter__Region: location
  EdgeRouter__Storage: 'tables:${tablesEndpoint}'
  EdgeRouter__UsageQueue: 'servicebus:${serviceBusNamespace}'
  EdgeRouter__Azure__ClientId: identity.clientId
  EdgeRouter__Catalog__Files__0: catalogFileUrl
  EdgeRouter__Keys__Management: '@Microsoft.KeyVault(SecretUri=${keyVaultUri}secrets/edgerouter-management)'
  EdgeRouter__Keys__Inference: '@Microsoft.KeyVault(SecretUri=${keyVaultUri}secrets/edgerouter-inference)'
}
var providerSettings = toObject(
  providers,
  slug => 'EdgeRouter__Providers__${replace(slug, '-', '_')}__ApiKey',
  slug => '@Microsoft.KeyVault(SecretUri=${keyVaultUri}secrets/vendor-${slug})'
)
var frontDoorSettings = behindFrontDoor ? { EdgeRouter__FrontDoor__Id: frontDoorId } : {}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: 'plan-${name}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
    zoneRedundant: scale.zoneRedundant
  }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identity.id
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: hostStorage.packageContainer
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: scale.instanceMemoryMB
        maximumInstanceCount: scale.maximumInstanceCount
        alwaysReady: [
          {
            name: 'http'
            // A zone redundant plan wants two of a group or none.
            instanceCount: scale.zoneRedundant ? max(scale.alwaysReadyHttp, 2) : scale.alwaysReadyHttp
          }
        ]
        triggers: {
          http: { perInstanceConcurrency: scale.httpConcurrency }
        }
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      http20Enabled: true
    }
  }

  resource settings 'config' = {
    name: 'appsettings'
    properties: union(hostSettings, routerSettings, providerSettings, frontDoorSettings, appSettings)
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }

  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: app
  properties: {
    workspaceId: telemetry.workspaceId
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

// Asked, never built from the name: the platform may add a suffix.
output hostName string = app.properties.defaultHostName
