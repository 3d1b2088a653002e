@minLength(6)
@maxLength(50)
param name string

param location string
param tags object

@description('Basic will not do: it has no duplicate detection.')
@allowed(['Standard', 'Premium'])
param sku string

param workspaceId string
param actionGroupId string

resource bus 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: sku
    tier: sku
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: 'Enabled'
  }

  resource queue 'queues' = {
    name: 'usage'
    properties: {
      // The longest there is: a batch trigger does not renew its locks.
      lockDuration: 'PT5M'
      maxDeliveryCount: 10
      deadLetteringOnMessageExpiration: true
      defaultMessageTimeToLive: 'P14D'
      // Fixed at creation. It covers a message sent twice; a record counted twice is prevented by the writer.
      requiresDuplicateDetection: true
      duplicateDetectionHistoryTimeWindow: 'PT30M'
      enablePartitioning: false
      enableBatchedOperations: true
      maxSizeInMegabytes: 5120
    }
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: bus
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'OperationalLogs'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

module alerts 'queue-alerts.bicep' = {
  name: 'queue-alerts-${location}'
  params: {
    namespaceName: bus.name
    queueName: bus::queue.name
    tags: tags
    actionGroupId: actionGroupId
  }
}

output fullyQualifiedNamespace string = '${bus.name}.servicebus.windows.net'
output namespaceName string = bus.name
output queueName string = bus::queue.name
