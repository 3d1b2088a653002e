// The shapes that cross module boundaries.

// Regions in which Flex Consumption runs .NET. A newer one may be added here.
type american = 'brazilsouth' | 'canadacentral' | 'centralus' | 'eastus' | 'eastus2' | 'northcentralus' | 'southcentralus' | 'westcentralus' | 'westus' | 'westus2' | 'westus3'
type asian = 'australiaeast' | 'australiasoutheast' | 'centralindia' | 'eastasia' | 'japaneast' | 'koreacentral' | 'southeastasia' | 'southindia' | 'uaenorth'
type european = 'francecentral' | 'germanywestcentral' | 'italynorth' | 'northeurope' | 'norwayeast' | 'spaincentral' | 'swedencentral' | 'uksouth' | 'ukwest' | 'westeurope'
type african = 'southafricanorth'
type regionName = african | american | asian | european

// Sealed: a misspelt `closed` must be an error, not an open region.
@export()
@sealed()
@description('One region of the router.')
type regionEntry = {
  @description('Azure name of the region.')
  name: regionName

  @description('False: the app gets no management key, so nothing can be managed by the endpoint of this region. Default true.')
  management: bool?

  @description('True: records and telemetry never leave the region, and the global endpoint does not lead to it. Default false.')
  closed: bool?

  @description('Percent of every budget limit that this region has for itself, 1 to 100, with tables of its own, so that it needs no other region. Not set: it shares tables and limits with the other regions that have none.')
  @minValue(1)
  @maxValue(100)
  sharePercent: int?

  @description('More app settings of this region, by name; values are texts. They win over those of all regions. Not for secrets.')
  appSettings: object?
}

@export()
@description('How one function app scales.')
type scaleOptions = {
  @description('Memory of an instance: 512, 2048 or 4096.')
  instanceMemoryMB: int

  @description('Requests that one instance serves at a time before another is started.')
  httpConcurrency: int

  @description('Instances that wait for HTTP requests even when there are none.')
  alwaysReadyHttp: int

  @description('Most instances, 40 to 1000.')
  maximumInstanceCount: int

  @description('Spread plan and storage over availability zones.')
  zoneRedundant: bool
}

@export()
@description('A key of the router that has a next one during a change of keys.')
type keyKind = 'inference' | 'management'

@export()
@description('The identity that the function app of a region runs as.')
type identityReference = {
  @description('Resource id.')
  id: string

  @description('What roles are assigned to.')
  principalId: string

  @description('What a client asks a token for.')
  clientId: string
}

@export()
@description('Where an app exports money records.')
type exportReference = {
  accountName: string
  containerName: string
  containerUrl: string
}

@export()
@description('Where an app sends its telemetry.')
type telemetryTarget = {
  @description('Application Insights connection string. It holds no key: writing needs the identity.')
  connectionString: string

  @description('Resource id of the Log Analytics workspace.')
  workspaceId: string

  @description('Name of the Application Insights component.')
  insightsName: string
}

@export()
@description('The storage account of the Functions host.')
type hostStorageReference = {
  accountName: string
  blobEndpoint: string
  queueEndpoint: string
  tableEndpoint: string
}
