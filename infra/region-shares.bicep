import { regionEntry } from 'types.bicep'

// A closed region without a share has whole limits in a ledger of its own: it takes no part in the split.
func takesPart(entry regionEntry) bool => contains(entry, 'sharePercent') || !(entry.?closed ?? false)

func sum(regions regionEntry[]) int => reduce(map(regions, entry => entry.?sharePercent ?? 0), 0, (total, percent) => total + percent)

// Bicep has no fractions.
func fraction(percent int) string => percent == 100 ? '1' : '0.${padLeft(string(percent), 2, '0')}'

func settings(regions regionEntry[]) object => toObject(
  filter(regions, entry => contains(entry, 'sharePercent')),
  entry => 'EdgeRouter__Budgets__Shares__${entry.name}',
  entry => fraction(entry.sharePercent!)
)

func checked(regions regionEntry[]) regionEntry[] => sum(regions) > 100
  ? fail('regions: the sharePercent of all regions are more than 100 together')
  : sum(regions) == 100 && length(filter(regions, entry => takesPart(entry) && !contains(entry, 'sharePercent'))) > 0
      ? fail('regions: the sharePercent of all regions leave nothing for those that share tables')
      : regions

@export()
@description('Per region, the settings that split the limits: the same list for all that take part, so that each app can check the whole. Fails when the shares cannot be.')
func regionShareSettings(regions regionEntry[]) object[] => map(checked(regions), entry => takesPart(entry) ? settings(regions) : {})
