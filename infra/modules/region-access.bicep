// All that one region's identity may do. It has no role anywhere else, so what is not named here is out of its reach: other regions' tables, queues,
// storage and packages, and, for a closed region, the tables and the telemetry of the open ones.

@description('Identity that the app of the region runs as.')
param principalId string

@description('Account of the tables that the region writes: its own, or those of the open regions.')
param tableAccountName string

@description('Where the region sends its telemetry.')
param insightsName string

@description('Storage account of the Functions host.')
param hostAccountName string

param packageAccountName string
param packageContainerName string
param serviceBusName string
param queueName string

@description('Account of the exports of those tables.')
param exportAccountName string

param exportContainerName string

@description('The role that lets the app write exports, and neither read, list nor delete them.')
param exportRoleId string

@description('Account with the container of the catalog file, which all regions read.')
param catalogAccountName string

param catalogContainerName string
param vaultName string

@description('The secrets that the settings of the app refer to, or may refer to during a change of keys.')
param secretNames string[]

var roles = loadJsonContent('../roles.json')

resource tables 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: tableAccountName
}

resource tablesRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(tables.id, principalId, roles.storageTableDataContributor)
  scope: tables
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageTableDataContributor)
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource insightsRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, principalId, roles.monitoringMetricsPublisher)
  scope: insights
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.monitoringMetricsPublisher)
  }
}

resource host 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: hostAccountName
}

// Blobs: timer leases, host locks. Tables: the host's diagnostic events. Queues: its internal control messages.
var hostRoleIds = [roles.storageBlobDataOwner, roles.storageQueueDataContributor, roles.storageTableDataContributor]
var hostAssignments = [for role in hostRoleIds: guid(host.id, principalId, role)]

resource hostRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (role, i) in hostRoleIds: {
  name: hostAssignments[i]
  scope: host
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
  }
}]

resource packages 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' existing = {
  name: '${packageAccountName}/default/${packageContainerName}'
}

// Reading only. The platform stores a new package as this identity, so scripts/azd-deploy.sh lends it the right to write for the time of a deployment.
resource packagesRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(packages.id, principalId, roles.storageBlobDataReader)
  scope: packages
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataReader)
  }
}

resource queue 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' existing = {
  name: '${serviceBusName}/${queueName}'
}

var queueRoleIds = [roles.serviceBusDataSender, roles.serviceBusDataReceiver]
var queueAssignments = [for role in queueRoleIds: guid(queue.id, principalId, role)]

resource queueRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (role, i) in queueRoleIds: {
  name: queueAssignments[i]
  scope: queue
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
  }
}]

resource exports 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' existing = {
  name: '${exportAccountName}/default/${exportContainerName}'
}

resource exportsRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(exports.id, principalId, exportRoleId)
  scope: exports
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: exportRoleId
  }
}

resource catalog 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' existing = {
  name: '${catalogAccountName}/default/${catalogContainerName}'
}

resource catalogRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(catalog.id, principalId, roles.storageBlobDataReader)
  scope: catalog
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataReader)
  }
}

// Most of them are stored after this, by scripts/azd-secrets.sh. A role may be given on a secret that is not there yet.
resource secrets 'Microsoft.KeyVault/vaults/secrets@2023-07-01' existing = [for name in secretNames: {
  name: '${vaultName}/${name}'
}]

var secretAssignments = [for (name, i) in secretNames: guid(secrets[i].id, principalId, roles.keyVaultSecretsUser)]

// One secret at a time, never the vault.
resource secretRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (name, i) in secretNames: {
  name: secretAssignments[i]
  scope: secrets[i]
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultSecretsUser)
  }
}]

@description('Names of all these role assignments. scripts/azd-roles.sh takes away what the identity has besides: a deployment removes nothing by itself.')
output assignmentNames string[] = concat(
  [tablesRole.name, insightsRole.name, packagesRole.name, exportsRole.name, catalogRole.name],
  hostAssignments,
  queueAssignments,
  secretAssignments
)
