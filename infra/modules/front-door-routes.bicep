type originEntry = {
  name: string
  hostName: string

  @description('Closed regions are left out: a failover must not carry a request into one or out of one.')
  closed: bool
}

param profileName string
param endpointName string
param origins originEntry[]

resource profile 'Microsoft.Cdn/profiles@2024-02-01' existing = {
  name: profileName
}

resource endpoint 'Microsoft.Cdn/profiles/afdEndpoints@2024-02-01' existing = {
  parent: profile
  name: endpointName
}

resource originGroup 'Microsoft.Cdn/profiles/originGroups@2024-02-01' = {
  parent: profile
  name: 'router'
  properties: {
    sessionAffinityState: 'Disabled'
    healthProbeSettings: {
      probePath: '/health/ready'
      probeRequestType: 'GET'
      probeProtocol: 'Https'
      probeIntervalInSeconds: 60
    }
    loadBalancingSettings: {
      sampleSize: 4
      successfulSamplesRequired: 3
      // Regions within 50 ms of the nearest share its requests.
      additionalLatencyInMilliseconds: 50
    }
    trafficRestorationTimeToHealedOrNewEndpointsInMinutes: 0
  }
}

resource regionalOrigins 'Microsoft.Cdn/profiles/originGroups/origins@2024-02-01' = [for origin in origins: if (!origin.closed) {
  parent: originGroup
  name: 'region-${origin.name}'
  properties: {
    hostName: origin.hostName
    originHostHeader: origin.hostName
    httpPort: 80
    httpsPort: 443
    priority: 1
    weight: 1000
    enabledState: 'Enabled'
    enforceCertificateNameCheck: true
  }
}]

resource sanitize 'Microsoft.Cdn/profiles/ruleSets@2024-02-01' = {
  parent: profile
  name: 'sanitize'
}

// A Functions host before April 2025 keeps a caller's value of this header: https://github.com/Azure/azure-functions-host/pull/10980. docs/security.md says
// what happens then.
resource dropInvocationId 'Microsoft.Cdn/profiles/ruleSets/rules@2024-02-01' = {
  parent: sanitize
  name: 'dropInvocationId'
  properties: {
    order: 0
    conditions: []
    matchProcessingBehavior: 'Continue'
    actions: [
      {
        name: 'ModifyRequestHeader'
        parameters: {
          typeName: 'DeliveryRuleHeaderActionParameters'
          headerAction: 'Delete'
          headerName: 'x-ms-invocation-id'
        }
      }
    ]
  }
}

// No cacheConfiguration: caching and compression are off, so events pass as they come.
resource route 'Microsoft.Cdn/profiles/afdEndpoints/routes@2024-02-01' = {
  parent: endpoint
  name: 'all'
  dependsOn: [regionalOrigins, dropInvocationId]
  properties: {
    originGroup: { id: originGroup.id }
    ruleSets: [
      { id: sanitize.id }
    ]
    supportedProtocols: ['Http', 'Https']
    patternsToMatch: ['/*']
    forwardingProtocol: 'HttpsOnly'
    httpsRedirect: 'Enabled'
    linkToDefaultDomain: 'Enabled'
    enabledState: 'Enabled'
  }
}
