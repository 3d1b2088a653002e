using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Local;

/// <summary>The usage pipeline inside the process.</summary>
internal static class LocalUsage
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<UsageWriter>();
        services.AddSingleton<UsageTotals>();
        services.AddSingleton(provider => new InProcessUsageQueue(provider.GetRequiredService<UsageWriter>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IUsageQueue>(provider => provider.GetRequiredService<InProcessUsageQueue>());
        services.AddSingleton(provider => new GenerationStore(provider.GetRequiredService<ITableStore>(), provider.GetRequiredService<InProcessUsageQueue>()));
    }
}
