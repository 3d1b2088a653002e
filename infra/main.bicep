targetScope = 'subscription'

import { regionShareSettings } from 'region-shares.bicep'
import { keyKind, regionEntry } from 'types.bicep'

@description('Name of this installation; a part of every resource name. azd passes its environment name.')
@minLength(1)
@maxLength(32)
param environmentName string

@description('Region of what all regions share: tables, key vault, telemetry.')
@metadata({ azd: { type: 'location' } })
@minLength(1)
param location string

@description('The regions that serve requests. This list alone decides how many of everything there are.')
@minLength(1)
param regions regionEntry[] = [
  { name: 'eastus2' }
  { name: 'westeurope' }
]

@description('Slugs of the providers whose keys the apps read from the vault: letters, digits, hyphens. List only providers that you have a key for.')
param providers string[] = []

@description('Kinds of the router\'s own keys of which the next one is valid too, while callers change over.')
param nextKeys keyKind[] = []

@description('Put Azure Front Door before the regions that are not closed.')
param frontDoor bool = false

@description('Requests that one address may send through Front Door in a minute; more get 429. 0: no limit.')
@minValue(0)
param requestsPerMinute int = 6000

@description('Memory of one function instance.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Requests that one instance serves at a time. A stream holds its place for all its length and needs hardly any CPU.')
@minValue(1)
@maxValue(1000)
param httpConcurrency int = 100

@description('Instances per region that wait for HTTP requests.')
@minValue(1)
param alwaysReadyHttp int = 1

@description('Most instances per region.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 100

@description('Spread plans and the accounts of host and packages over availability zones. Each region listed must have them.')
param zoneRedundant bool = false

@description('How the accounts of the tables and their exports are copied within their region: `zone` over three zones, `local` in one data centre, `auto` zone where the region has zones (infra/zone-regions.json).')
@allowed(['auto', 'zone', 'local'])
param tablesRedundancy string = 'auto'

@description('Keep the accounts of the tables and their exports from being deleted. `azd down` stops at the locks until they are removed.')
param deleteLock bool = true

@description('Days that exported money records are kept, during which nobody can change or delete them by the means of a caller or an app.')
@minValue(7)
@maxValue(3650)
param exportRetentionDays int = 400

@description('Premium brings private networking and geo-replication; Standard has all that the router needs.')
@allowed(['Standard', 'Premium'])
param serviceBusSku string = 'Standard'

@description('Days that telemetry is kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('Mail address for alerts. Empty: alerts show in the portal only.')
param alertEmail string = ''

@description('More app settings of every region, by name; values are texts. They win over those of the template. Not for secrets.')
param appSettings object = {}

@description('Object id of whoever deploys, so that they may put secrets into the vault and catalog files into their container. Empty: nobody may by this template.')
param principalId string = ''

@description('What principalId names.')
@allowed(['User', 'ServicePrincipal'])
param principalType string = 'User'

var tags = { 'azd-env-name': environmentName }
var token = uniqueString(subscription().id, environmentName, location)
// Of the region's own name, not of its place in the list, so that reordering the list renames nothing. The word between
// keeps the names of the region that holds the shared resources apart from theirs.
var regionTokens = [for entry in regions: uniqueString(subscription().id, environmentName, 'region', entry.name)]
var appNames = [for (entry, i) in regions: 'func-${entry.name}-${regionTokens[i]}']
var shareSettings = regionShareSettings(regions)
var identityNames = [for (entry, i) in regions: 'id-${entry.name}-${regionTokens[i]}']
var packageAccountNames = [for (entry, i) in regions: 'stp${regionTokens[i]}']
var openAppNames = map(filter(range(0, length(regions)), i => !(regions[i].?closed ?? false)), i => appNames[i])
// With every region closed there is nothing that Front Door may lead to.
var useFrontDoor = frontDoor && !empty(openAppNames)

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

// Mail address for alerts.
module actionGroup 'modules/action-group.bicep' = {
  name: 'action-group'
  scope: group
  params: {
    name: 'ag-${token}'
    tags: tags
    email: alertEmail
  }
}

// Telemetry of the regions that are not closed, and the alert on failing requests.
module telemetry 'modules/telemetry.bicep' = {
  name: 'telemetry'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    retentionDays: logRetentionDays
    actionGroupId: actionGroup.outputs.id
  }
}

// Usage and state of the regions that have no tables of their own.
module tables 'modules/tables.bicep' = {
  name: 'tables'
  scope: group
  params: {
    name: 'stt${token}'
    location: location
    tags: tags
    redundancy: tablesRedundancy
    deleteLock: deleteLock
  }
}

// What lets an app write exports and nothing else.
module exportRole 'modules/export-role.bicep' = {
  name: 'export-role'
  scope: group
  params: {
    token: token
  }
}

// What is exported from those tables, in an account of its own.
module exports 'modules/export.bicep' = {
  name: 'exports'
  scope: group
  params: {
    name: 'ste${token}'
    location: location
    tags: tags
    redundancy: tablesRedundancy
    deleteLock: deleteLock
    retentionDays: exportRetentionDays
  }
}

// The models and providers of your own: one file for all regions.
module catalog 'modules/catalog.bicep' = {
  name: 'catalog'
  scope: group
  params: {
    accountName: tables.outputs.name
    officerPrincipalId: principalId
    officerPrincipalType: principalType
  }
}

// The router's own keys and the providers' keys.
module keyVault 'modules/key-vault.bicep' = {
  name: 'key-vault'
  scope: group
  params: {
    name: 'kv-${token}'
    location: location
    tags: tags
    officerPrincipalId: principalId
    officerPrincipalType: principalType
  }
}

// The global endpoint; its id must be known before the apps, its routes after them.
module frontDoorProfile 'modules/front-door-profile.bicep' = if (useFrontDoor) {
  name: 'front-door-profile'
  scope: group
  params: {
    token: token
    tags: tags
    workspaceId: telemetry.outputs.target.workspaceId
  }
}

// Everything that stands once per region.
module region 'modules/region.bicep' = [for (entry, i) in regions: {
  name: 'region-${entry.name}'
  scope: group
  params: {
    location: entry.name
    closed: entry.?closed ?? false
    ownTables: (entry.?closed ?? false) || contains(entry, 'sharePercent')
    ownCatalog: contains(entry, 'sharePercent')
    officerPrincipalId: principalId
    officerPrincipalType: principalType
    management: entry.?management ?? true
    token: regionTokens[i]
    appName: appNames[i]
    tags: union(tags, { 'edgerouter-region': entry.name })
    identityName: identityNames[i]
    packageAccountName: packageAccountNames[i]
    sharedTablesAccountName: tables.outputs.name
    sharedTablesEndpoint: tables.outputs.endpoint
    sharedExports: exports.outputs.reference
    sharedTelemetry: telemetry.outputs.target
    keyVaultName: keyVault.outputs.name
    keyVaultUri: keyVault.outputs.uri
    catalogAccountName: tables.outputs.name
    catalogContainerName: catalog.outputs.containerName
    catalogFileUrl: catalog.outputs.fileUrl
    providers: providers
    nextKeys: nextKeys
    appSettings: union(shareSettings[i], appSettings, entry.?appSettings ?? {})
    behindFrontDoor: useFrontDoor && !(entry.?closed ?? false)
    frontDoorId: useFrontDoor ? frontDoorProfile!.outputs.frontDoorId : ''
    actionGroupId: actionGroup.outputs.id
    serviceBusSku: serviceBusSku
    tablesRedundancy: tablesRedundancy
    deleteLock: deleteLock
    exportRetentionDays: exportRetentionDays
    exportRoleId: exportRole.outputs.id
    logRetentionDays: logRetentionDays
    scale: {
      instanceMemoryMB: instanceMemoryMB
      httpConcurrency: httpConcurrency
      alwaysReadyHttp: alwaysReadyHttp
      maximumInstanceCount: maximumInstanceCount
      zoneRedundant: zoneRedundant
    }
  }
}]

// The limit of requests, before they reach any region.
module frontDoorFirewall 'modules/front-door-firewall.bicep' = if (useFrontDoor) {
  name: 'front-door-firewall'
  scope: group
  params: {
    token: token
    tags: tags
    profileName: frontDoorProfile!.outputs.profileName
    endpointName: frontDoorProfile!.outputs.endpointName
    requestsPerMinute: requestsPerMinute
  }
}

// Routes from the global endpoint to the nearest healthy region.
module frontDoorRoutes 'modules/front-door-routes.bicep' = if (useFrontDoor) {
  name: 'front-door-routes'
  scope: group
  params: {
    profileName: frontDoorProfile!.outputs.profileName
    endpointName: frontDoorProfile!.outputs.endpointName
    origins: [for (entry, i) in regions: {
      name: entry.name
      hostName: region[i].outputs.hostName
      closed: entry.?closed ?? false
    }]
  }
}

output AZURE_RESOURCE_GROUP string = group.name
output AZURE_KEY_VAULT_NAME string = keyVault.outputs.name
// Plain words instead of arrays: the hook scripts are POSIX sh.
output EDGEROUTER_APPS string = join(appNames, ' ')
output EDGEROUTER_APPS_BEHIND_FRONT_DOOR string = useFrontDoor ? join(openAppNames, ' ') : ''
output EDGEROUTER_IDENTITIES string = join(identityNames, ' ')
// Of each region, in the same order: the names of all the role assignments that its identity is to have in the group.
output EDGEROUTER_ROLE_ASSIGNMENTS array = [for (entry, i) in regions: join(region[i].outputs.assignmentNames, ' ')]
output EDGEROUTER_PACKAGE_ACCOUNTS string = join(packageAccountNames, ' ')
output EDGEROUTER_CATALOG_URL string = catalog.outputs.fileUrl
// The copies for regions that are to need no other.
output EDGEROUTER_CATALOG_COPIES string = join(map(
  filter(range(0, length(regions)), i => contains(regions[i], 'sharePercent')),
  i => 'https://stt${regionTokens[i]}.blob.${environment().suffixes.storage}/catalog/models.json'
), ' ')
output EDGEROUTER_VENDORS_LISTED string = join(providers, ' ')
output EDGEROUTER_FRONT_DOOR_ID string = useFrontDoor ? frontDoorProfile!.outputs.frontDoorId : ''
output EDGEROUTER_GLOBAL_ENDPOINT string = useFrontDoor ? 'https://${frontDoorProfile!.outputs.hostName}' : ''
output EDGEROUTER_REGIONAL_ENDPOINTS array = [for (entry, i) in regions: {
  region: entry.name
  closed: entry.?closed ?? false
  endpoint: 'https://${region[i].outputs.hostName}'
}]
