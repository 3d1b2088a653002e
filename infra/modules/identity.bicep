import { identityReference } from '../types.bicep'

param name string
param location string
param tags object

// User-assigned, so that it exists, with its roles, before the app starts.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
  tags: tags
}

output reference identityReference = {
  id: identity.id
  principalId: identity.properties.principalId
  clientId: identity.properties.clientId
}
