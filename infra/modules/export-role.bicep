@description('Makes the name unique in the tenant.')
param token string

// No built-in role writes blobs without reading and deleting them.
resource writer 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, 'export-writer')
  properties: {
    roleName: 'EdgeRouter export writer ${token}'
    description: 'Writes blobs. Reads, lists and deletes none.'
    type: 'CustomRole'
    assignableScopes: [resourceGroup().id]
    permissions: [
      {
        actions: []
        dataActions: [
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write'
          'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action'
        ]
      }
    ]
  }
}

output id string = writer.id
