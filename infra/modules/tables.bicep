@description('3 to 24 lower-case letters and digits.')
@minLength(3)
@maxLength(24)
param name string

param location string
param tags object

@allowed(['auto', 'zone', 'local'])
param redundancy string

@description('Keep the account from being deleted.')
param deleteLock bool

var zoneRedundant = redundancy == 'zone' || (redundancy == 'auto' && contains(loadJsonContent('../zone-regions.json').regions, toLower(replace(location, ' ', ''))))

// Locally or zone redundant, never geo-redundant: a closed region's records must not be copied to another one.
// The router creates its tables at the first write, so none are named here.
resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS' }
  properties: {
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: 'Enabled'
  }
}

// Of the account alone: who may write rows may still delete rows and tables. Those come back from the export.
resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (deleteLock) {
  name: 'keep'
  scope: account
  properties: {
    level: 'CanNotDelete'
    notes: 'Usage, budgets and audit events. docs/azure.md says how to remove the lock.'
  }
}

output name string = account.name

@description('Without a slash at its end.')
output endpoint string = 'https://${account.name}.table.${environment().suffixes.storage}'
