param token string
param tags object
param profileName string
param endpointName string

@description('Requests of one address in a minute. Each place of Front Door counts for itself, so somewhat more get through. 0: no limit.')
param requestsPerMinute int

resource profile 'Microsoft.Cdn/profiles@2024-02-01' existing = {
  name: profileName
}

resource endpoint 'Microsoft.Cdn/profiles/afdEndpoints@2024-02-01' existing = {
  parent: profile
  name: endpointName
}

// No managed rules: they need the Premium SKU, and they search bodies for attacks, which prompts about code are full of.
resource policy 'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies@2024-02-01' = {
  name: 'waf${token}'
  location: 'global'
  tags: tags
  sku: { name: 'Standard_AzureFrontDoor' }
  properties: {
    policySettings: {
      // Also without a limit the policy is there: a deployment removes nothing, so one with an earlier limit would go on blocking.
      enabledState: requestsPerMinute > 0 ? 'Enabled' : 'Disabled'
      mode: 'Prevention'
      customBlockResponseStatusCode: 429
    }
    customRules: {
      rules: requestsPerMinute == 0 ? [] : [
        {
          name: 'requestsPerMinute'
          priority: 100
          enabledState: 'Enabled'
          ruleType: 'RateLimitRule'
          rateLimitDurationInMinutes: 1
          rateLimitThreshold: requestsPerMinute
          action: 'Block'
          matchConditions: [
            // A rule must match something. Nobody has an address of this range, which is for documentation, so this matches everybody.
            {
              matchVariable: 'SocketAddr'
              operator: 'IPMatch'
              negateCondition: true
              matchValue: ['192.0.2.0/24']
            }
          ]
        }
      ]
    }
  }
}

resource security 'Microsoft.Cdn/profiles/securityPolicies@2024-02-01' = {
  parent: profile
  name: 'firewall'
  properties: {
    parameters: {
      type: 'WebApplicationFirewall'
      wafPolicy: { id: policy.id }
      associations: [
        {
          domains: [
            { id: endpoint.id }
          ]
          patternsToMatch: ['/*']
        }
      ]
    }
  }
}
