param namespaceName string
param queueName string
param tags object
param actionGroupId string

@description('Messages, not records: a full message holds 200 records.')
@minValue(1)
param backlogMessages int = 100

var rules = [
  {
    name: 'dead-letters'
    description: 'Usage messages were given up on. Their records are not counted until they are sent again: see infra/README.md.'
    metric: 'DeadletteredMessages'
    aggregation: 'Maximum'
    threshold: 0
    window: 'PT5M'
    severity: 1
  }
  {
    // Service Bus has no metric for a message's age. A queue whose lowest depth in 15 minutes is above this was not
    // drained in all that time, so its oldest message is about as old.
    name: 'queue-age'
    description: 'Usage messages wait longer than 15 minutes. Nothing is lost, but totals and budgets lag.'
    metric: 'ActiveMessages'
    aggregation: 'Minimum'
    threshold: backlogMessages
    window: 'PT15M'
    severity: 2
  }
]

resource bus 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = {
  name: namespaceName
}

resource alerts 'Microsoft.Insights/metricAlerts@2018-03-01' = [for rule in rules: {
  name: 'alert-${rule.name}-${namespaceName}'
  location: 'global'
  tags: tags
  properties: {
    description: rule.description
    severity: rule.severity
    enabled: true
    scopes: [bus.id]
    evaluationFrequency: 'PT5M'
    windowSize: rule.window
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: rule.name
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          metricName: rule.metric
          timeAggregation: rule.aggregation
          operator: 'GreaterThan'
          threshold: rule.threshold
          dimensions: [
            {
              name: 'EntityName'
              operator: 'Include'
              values: [queueName]
            }
          ]
        }
      ]
    }
    actions: [
      { actionGroupId: actionGroupId }
    ]
  }
}]
