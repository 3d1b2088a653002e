param token string
param tags object
param workspaceId string

resource profile 'Microsoft.Cdn/profiles@2024-02-01' = {
  name: 'afd-${token}'
  location: 'global'
  tags: tags
  sku: { name: 'Standard_AzureFrontDoor' }
  properties: {
    // The most there is: a completion that is not streamed says nothing until it is done.
    originResponseTimeoutSeconds: 240
  }
}

resource endpoint 'Microsoft.Cdn/profiles/afdEndpoints@2024-02-01' = {
  parent: profile
  name: 'edgerouter-${token}'
  location: 'global'
  tags: tags
  properties: { enabledState: 'Enabled' }
}

// No access log: it would hold the addresses of callers, and every request has its record already.
resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: profile
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'FrontDoorHealthProbeLog'
        enabled: true
      }
    ]
  }
}

output profileName string = profile.name
output endpointName string = endpoint.name
output hostName string = endpoint.properties.hostName

@description('What X-Azure-FDID says on every request that came through this profile.')
output frontDoorId string = profile.properties.frontDoorId
