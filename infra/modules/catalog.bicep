@description('The storage account of the regions that are not closed.')
param accountName string

@description('Whom the apps run as: may read catalog files.')
param principalId string

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

// On the container alone: nobody gets to the blobs of another one by these.
resource reader 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(container.id, principalId, roles.storageBlobDataReader)
  scope: container
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataReader)
  }
}

resource officer 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(officerPrincipalId)) {
  name: guid(container.id, officerPrincipalId, roles.storageBlobDataContributor)
  scope: container
  properties: {
    principalId: officerPrincipalId
    principalType: officerPrincipalType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.storageBlobDataContributor)
  }
}

@description('URL of the catalog file that the apps read, whether it is there yet or not.')
output fileUrl string = 'https://${account.name}.blob.${environment().suffixes.storage}/${container.name}/models.json'
