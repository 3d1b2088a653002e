import { telemetryTarget } from '../types.bicep'

param token string
param location string
param tags object
param retentionDays int
param actionGroupId string

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: 'log-${token}'
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: retentionDays
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-${token}'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    // Only an identity with the role may write: the connection string alone is worth nothing.
    DisableLocalAuth: true
  }
}

resource failingRequests 'Microsoft.Insights/scheduledQueryRules@2022-06-15' = {
  name: 'alert-5xx-${token}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'EdgeRouter: more than 5 % of requests fail with 5xx'
    description: 'Of at least 20 requests to one region within 15 minutes. Those whose callers left are not among them.'
    severity: 1
    enabled: true
    scopes: [workspace.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    // The table comes into being with the first request, after this rule.
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: loadTextContent('failing-requests.kql')
          metricMeasureColumn: 'failedPercent'
          timeAggregation: 'Maximum'
          operator: 'GreaterThan'
          threshold: 5
          dimensions: [
            {
              name: 'AppRoleName'
              operator: 'Include'
              values: ['*']
            }
          ]
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: { actionGroups: [actionGroupId] }
  }
}

output target telemetryTarget = {
  connectionString: insights.properties.ConnectionString
  workspaceId: workspace.id
  insightsName: insights.name
}
