using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Local;

/// <summary>The usage pipeline inside the process.</summary>
internal static class LocalUsage
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<UsageWriter>();
        services.AddSingleton<InProcessUsageQueue>();
        services.AddSingleton<IUsageQueue>(provider => provider.GetRequiredService<InProcessUsageQueue>());
    }
}
