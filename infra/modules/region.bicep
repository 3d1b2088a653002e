import { identityReference, scaleOptions, telemetryTarget } from '../types.bicep'

param location string

@description('True: telemetry stays in this region, as records do.')
param closed bool

@description('True: records and budgets stay in tables of this region.')
param ownTables bool

@description('Makes the names of this region unique in all Azure: what uniqueString() gives.')
@minLength(13)
@maxLength(13)
param token string

param appName string
param tags object
param identity identityReference
param sharedTablesEndpoint string
param sharedTelemetry telemetryTarget
param keyVaultUri string
param catalogFileUrl string
param providers string[]
param appSettings object

@description('Whether requests must come through Front Door.')
param behindFrontDoor bool

@description('Which Front Door; not read when requests need not come through one.')
param frontDoorId string

param actionGroupId string
param serviceBusSku string
param tablesRedundancy string
param deleteLock bool
param logRetentionDays int
param scale scaleOptions

// Records and budgets of a closed region, or of one with a share of the limits.
module regionTables 'tables.bicep' = if (ownTables) {
  name: 'tables-${location}'
  params: {
    name: 'stt${token}'
    location: location
    tags: tags
    redundancy: tablesRedundancy
    deleteLock: deleteLock
    principalId: identity.principalId
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
    principalId: identity.principalId
  }
}

// What the Functions host needs: package, locks, timer leases.
module hostStorage 'host-storage.bicep' = {
  name: 'host-storage-${location}'
  params: {
    name: 'sth${token}'
    location: location
    tags: tags
    zoneRedundant: scale.zoneRedundant
    principalId: identity.principalId
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
    principalId: identity.principalId
  }
}

// The router.
module app 'function-app.bicep' = {
  name: 'function-app-${location}'
  params: {
    name: appName
    location: location
    tags: tags
    identity: identity
    scale: scale
    hostStorage: hostStorage.outputs.reference
    tablesEndpoint: ownTables ? regionTables!.outputs.endpoint : sharedTablesEndpoint
    serviceBusNamespace: serviceBus.outputs.fullyQualifiedNamespace
    usageQueueName: serviceBus.outputs.queueName
    telemetry: closed ? ownTelemetry!.outputs.target : sharedTelemetry
    keyVaultUri: keyVaultUri
    catalogFileUrl: catalogFileUrl
    providers: providers
    appSettings: appSettings
    behindFrontDoor: behindFrontDoor
    frontDoorId: frontDoorId
  }
}

output hostName string = app.outputs.hostName
