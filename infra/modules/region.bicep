import { exportReference, keyKind, scaleOptions, telemetryTarget } from '../types.bicep'

param location string

@description('True: telemetry stays in this region, as records do.')
param closed bool

@description('True: records and budgets stay in tables of this region.')
param ownTables bool

@description('True: the app reads a copy of the catalog file in the account of those tables.')
param ownCatalog bool

@description('Who deploys: may put that copy. Empty: nobody.')
param officerPrincipalId string
param officerPrincipalType string

@description('Whether the app gets the management key.')
param management bool

@description('Makes the names of this region unique in all Azure: what uniqueString() gives.')
@minLength(13)
@maxLength(13)
param token string

param appName string
param tags object
param identityName string
param packageAccountName string
param sharedTablesAccountName string
param sharedTablesEndpoint string
param sharedExports exportReference
param sharedTelemetry telemetryTarget
param keyVaultName string
param keyVaultUri string
param catalogAccountName string
param catalogContainerName string
param catalogFileUrl string
param providers string[]
param nextKeys keyKind[]
param appSettings object

@description('Whether requests must come through Front Door.')
param behindFrontDoor bool

@description('Which Front Door; not read when requests need not come through one.')
param frontDoorId string

param actionGroupId string
param serviceBusSku string
param tablesRedundancy string
param deleteLock bool
param exportRetentionDays int

@description('The role that lets an app write exports.')
param exportRoleId string

param logRetentionDays int
param scale scaleOptions

// The kinds of the router's own keys that this region knows.
var keyKinds keyKind[] = management ? ['inference', 'management'] : ['inference']

// Who the app is: nobody else has this identity.
module identity 'identity.bicep' = {
  name: 'identity-${location}'
  params: {
    name: identityName
    location: location
    tags: tags
  }
}

// Records and budgets of a closed region, or of one with a share of the limits.
module regionTables 'tables.bicep' = if (ownTables) {
  name: 'tables-${location}'
  params: {
    name: 'stt${token}'
    location: location
    tags: tags
    redundancy: tablesRedundancy
    deleteLock: deleteLock
  }
}

// A copy of the catalog file for a region that is to need no other.
module regionCatalog 'catalog.bicep' = if (ownCatalog) {
  name: 'catalog-${location}'
  params: {
    accountName: regionTables!.outputs.name
    officerPrincipalId: officerPrincipalId
    officerPrincipalType: officerPrincipalType
  }
}

// What is exported from those tables.
module regionExports 'export.bicep' = if (ownTables) {
  name: 'exports-${location}'
  params: {
    name: 'ste${token}'
    location: location
    tags: tags
    redundancy: tablesRedundancy
    deleteLock: deleteLock
    retentionDays: exportRetentionDays
  }
}

// A closed region's own telemetry.
module ownTelemetry 'telemetry.bicep' = if (closed) {
  name: 'telemetry-${location}'
  params: {
    token: token
    location: location
    tags: tags
    retentionDays: logRetentionDays
    actionGroupId: actionGroupId
  }
}

// What the Functions host writes: locks, timer leases.
module hostStorage 'host-storage.bicep' = {
  name: 'host-storage-${location}'
  params: {
    name: 'sth${token}'
    location: location
    tags: tags
    zoneRedundant: scale.zoneRedundant
  }
}

// The code that the app runs.
module packageStorage 'package-storage.bicep' = {
  name: 'package-storage-${location}'
  params: {
    name: packageAccountName
    location: location
    tags: tags
    zoneRedundant: scale.zoneRedundant
  }
}

// The usage queue and its alerts.
module serviceBus 'service-bus.bicep' = {
  name: 'service-bus-${location}'
  params: {
    name: 'sb-${token}'
    location: location
    tags: tags
    sku: serviceBusSku
    workspaceId: closed ? ownTelemetry!.outputs.target.workspaceId : sharedTelemetry.workspaceId
    actionGroupId: actionGroupId
  }
}

// What the identity may do. The roles of both keys of a kind are there before a change of keys begins, because a role takes minutes to act.
module access 'region-access.bicep' = {
  name: 'access-${location}'
  params: {
    principalId: identity.outputs.reference.principalId
    tableAccountName: ownTables ? regionTables!.outputs.name : sharedTablesAccountName
    insightsName: closed ? ownTelemetry!.outputs.target.insightsName : sharedTelemetry.insightsName
    hostAccountName: hostStorage.outputs.reference.accountName
    packageAccountName: packageStorage.outputs.accountName
    packageContainerName: packageStorage.outputs.containerName
    serviceBusName: serviceBus.outputs.namespaceName
    queueName: serviceBus.outputs.queueName
    exportAccountName: ownTables ? regionExports!.outputs.reference.accountName : sharedExports.accountName
    exportContainerName: ownTables ? regionExports!.outputs.reference.containerName : sharedExports.containerName
    exportRoleId: exportRoleId
    catalogAccountName: ownCatalog ? regionTables!.outputs.name : catalogAccountName
    catalogContainerName: ownCatalog ? regionCatalog!.outputs.containerName : catalogContainerName
    vaultName: keyVaultName
    secretNames: concat(
      flatten(map(keyKinds, kind => ['edgerouter-${kind}', 'edgerouter-${kind}-next'])),
      map(providers, slug => 'vendor-${slug}')
    )
  }
}

// The router.
module app 'function-app.bicep' = {
  name: 'function-app-${location}'
  dependsOn: [access]
  params: {
    name: appName
    location: location
    tags: tags
    identity: identity.outputs.reference
    scale: scale
    hostStorage: hostStorage.outputs.reference
    packageContainer: packageStorage.outputs.containerUri
    tablesEndpoint: ownTables ? regionTables!.outputs.endpoint : sharedTablesEndpoint
    serviceBusNamespace: serviceBus.outputs.fullyQualifiedNamespace
    usageQueueName: serviceBus.outputs.queueName
    telemetry: closed ? ownTelemetry!.outputs.target : sharedTelemetry
    exportContainerUrl: ownTables ? regionExports!.outputs.reference.containerUrl : sharedExports.containerUrl
    keyVaultUri: keyVaultUri
    catalogFileUrl: ownCatalog ? regionCatalog!.outputs.fileUrl : catalogFileUrl
    providers: providers
    keyKinds: keyKinds
    nextKeys: nextKeys
    appSettings: appSettings
    behindFrontDoor: behindFrontDoor
    frontDoorId: frontDoorId
  }
}

output hostName string = app.outputs.hostName
output assignmentNames string[] = access.outputs.assignmentNames
