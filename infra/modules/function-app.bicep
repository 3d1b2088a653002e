import { hostStorageReference, identityReference, keyKind, scaleOptions, telemetryTarget } from '../types.bicep'

param name string
param location string
param tags object
param identity identityReference
param scale scaleOptions
param hostStorage hostStorageReference

@description('URI of the container that holds the deployed package.')
param packageContainer string

param tablesEndpoint string
param serviceBusNamespace string
param usageQueueName string
param telemetry telemetryTarget
param exportContainerUrl string
param keyVaultUri string
param catalogFileUrl string
param providers string[]

@description('The kinds of the router\'s own keys that this app knows.')
param keyKinds keyKind[]

@description('The kinds of keys of which a next one is valid too.')
param nextKeys keyKind[]

@description('More app settings; they win.')
param appSettings object

@description('Whether requests must come through Front Door.')
param behindFrontDoor bool

@description('Which Front Door; not read when requests need not come through one.')
param frontDoorId string

var keyNames = {
  inference: 'Inference'
  management: 'Management'
}

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
  MoneyExportSchedule: '0 45 2-5 * * *'
}
var routerSettings = {
  EdgeRouter__Region: location
  EdgeRouter__Storage: 'tables:${tablesEndpoint}'
  EdgeRouter__UsageQueue: 'servicebus:${serviceBusNamespace}'
  EdgeRouter__Azure__ClientId: identity.clientId
  EdgeRouter__Export__Target: 'blob:${exportContainerUrl}'
  EdgeRouter__Catalog__Files__0: catalogFileUrl
}
var keySettings = toObject(
  keyKinds,
  kind => 'EdgeRouter__Keys__${keyNames[kind]}',
  kind => '@Microsoft.KeyVault(SecretUri=${keyVaultUri}secrets/edgerouter-${kind})'
)
var nextKeySettings = toObject(
  intersection(keyKinds, nextKeys),
  kind => 'EdgeRouter__Keys__${keyNames[kind]}Next',
  kind => '@Microsoft.KeyVault(SecretUri=${keyVaultUri}secrets/edgerouter-${kind}-next)'
)
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
          value: packageContainer
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
      // The platform refuses before the app is asked, and whether or not an instance runs. Any customer's Front Door has the addresses of the tag; the header
      // tells this one. scripts/azd-deploy.sh lets itself in for the time of a deployment.
      ipSecurityRestrictionsDefaultAction: behindFrontDoor ? 'Deny' : 'Allow'
      ipSecurityRestrictions: behindFrontDoor ? [
        {
          name: 'front-door'
          priority: 100
          action: 'Allow'
          tag: 'ServiceTag'
          ipAddress: 'AzureFrontDoor.Backend'
          headers: { 'x-azure-fdid': [frontDoorId] }
        }
      ] : []
      // Where deployments arrive. Front Door leads nobody there.
      scmIpSecurityRestrictionsUseMain: false
      scmIpSecurityRestrictionsDefaultAction: behindFrontDoor ? 'Deny' : 'Allow'
      scmIpSecurityRestrictions: []
    }
  }

  resource settings 'config' = {
    name: 'appsettings'
    properties: union(hostSettings, routerSettings, providerSettings, keySettings, nextKeySettings, frontDoorSettings, appSettings)
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
