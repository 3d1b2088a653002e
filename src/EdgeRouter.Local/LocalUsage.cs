using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using EdgeRouter.Core.Usage.Sweeping;

namespace EdgeRouter.Local;

/// <summary>The usage pipeline inside the process.</summary>
internal static class LocalUsage
{
    public static void Add(IServiceCollection services, ITableStore store, InProcessUsageQueue queue, int retentionDays)
    {
        services.AddSingleton(queue);
        services.AddSingleton<IUsageQueue>(queue);
        services.AddSingleton(provider => new UsageTotals(store, provider.GetRequiredService<TimeProvider>(), queue));
        services.AddSingleton(new GenerationStore(store, queue));
        services.AddSingleton(provider => new RecordRetention(store, provider.GetRequiredService<TimeProvider>(), retentionDays));
        services.AddHostedService<RecordSweeping>();
    }
}
