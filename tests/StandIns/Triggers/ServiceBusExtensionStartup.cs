using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Core;
using Microsoft.Azure.ServiceBus.Grpc;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

[assembly: WorkerExtensionStartup(typeof(ServiceBusExtensionStartup))]

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Registers the settlement client. The worker's generated startup code runs it, as it does the package's.</summary>
public sealed class ServiceBusExtensionStartup : WorkerExtensionStartup
{
    public override void Configure(IFunctionsWorkerApplicationBuilder applicationBuilder)
    {
        ArgumentNullException.ThrowIfNull(applicationBuilder);
        applicationBuilder.Services.AddGrpcClient<Settlement.SettlementClient>(static (services, options) =>
            options.Address = new Uri(services.GetRequiredService<IConfiguration>()["Functions:Worker:HostEndpoint"]
                ?? throw new InvalidOperationException("The setting 'Functions:Worker:HostEndpoint' is missing.")));
    }
}
