import { exportReference } from '../types.bicep'

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

@description('Days that an exported file can be neither changed nor deleted; it is deleted the day after.')
param retentionDays int

var zoneRedundant = redundancy == 'zone' || (redundancy == 'auto' && contains(loadJsonContent('../zone-regions.json').regions, toLower(replace(location, ' ', ''))))

// Apart from the tables, so that what takes their account does not take the exports. In the same region: a closed region's records stay there.
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

  resource blobs 'blobServices' = {
    name: 'default'

    resource container 'containers' = {
      name: 'money'
      properties: { publicAccess: 'None' }

      // Not locked: whoever may manage the account can still change it.
      resource immutability 'immutabilityPolicies' = {
        name: 'default'
        properties: { immutabilityPeriodSinceCreationInDays: retentionDays }
      }
    }
  }

  resource lifecycle 'managementPolicies' = {
    name: 'default'
    properties: {
      policy: {
        rules: [
          {
            name: 'delete-old-exports'
            enabled: true
            type: 'Lifecycle'
            definition: {
              filters: {
                blobTypes: ['blockBlob']
                prefixMatch: ['money/']
              }
              actions: {
                baseBlob: {
                  delete: { daysAfterCreationGreaterThan: retentionDays }
                }
              }
            }
          }
        ]
      }
    }
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (deleteLock) {
  name: 'keep'
  scope: account
  properties: {
    level: 'CanNotDelete'
    notes: 'Exported money records. docs/azure.md says how to remove the lock.'
  }
}

output reference exportReference = {
  accountName: account.name
  containerName: account::blobs::container.name
  containerUrl: 'https://${account.name}.blob.${environment().suffixes.storage}/${account::blobs::container.name}'
}
