@description('The storage account of the regions that are not closed.')
param accountName string

@description('Who deploys: may put catalog files. Empty: nobody.')
param officerPrincipalId string
param officerPrincipalType string

var roles = loadJsonContent('../roles.json')

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: accountName

  resource blobs 'blobServices' existing = {
    name: 'default'
  }
}

resource container 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = {
  parent: account::blobs
  name: 'catalog'
  properties: { publicAccess: 'None' }
}

// On the container alone: it opens no other one.
resource officer 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(officerPrincipalId)) {
  name: guid(container.id, officerPrincipalId, roles.storageBlobDataContributor)
  scope: container
  properties: {
    principalId: officerPrincipalId
    principalType: officerPrincipalType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataContributor)
  }
}

output containerName string = container.name

@description('URL of the catalog file that the apps read, whether it is there yet or not.')
output fileUrl string = 'https://${account.name}.blob.${environment().suffixes.storage}/${container.name}/models.json'
