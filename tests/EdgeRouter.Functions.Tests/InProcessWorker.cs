using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using EdgeRouter.Emulators.FunctionsHost;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Azure.Functions.Worker.Invocation;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeRouter.Functions.Tests;

/// <summary>
/// Lets the real worker run inside of a test's process, more than one at a time. The worker finds the generated code of an app through the entry
/// assembly, which is a test runner here, and has one HTTP port for the whole process.
/// </summary>
internal static class InProcessWorker
{
    [ModuleInitializer]
    internal static void TellFolder() => Environment.SetEnvironmentVariable("FUNCTIONS_APPLICATION_DIRECTORY", AppContext.BaseDirectory);

    /// <summary>Lets the worker dial this host. Returns the socket that it listens on: to be disposed after the worker, which does not own it.</summary>
    public static Socket Connect(this FunctionsApplicationBuilder builder, EmulatedHost host)
    {
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Functions:Worker:HostEndpoint"] = host.WorkerEndpoint.AbsoluteUri,
            ["Functions:Worker:WorkerId"] = Guid.NewGuid().ToString(),
            ["Functions:Worker:RequestId"] = Guid.NewGuid().ToString(),
            ["Functions:Worker:GrpcMaxMessageLength"] = int.MaxValue.ToString(System.Globalization.CultureInfo.InvariantCulture),
        });
        builder.Services.AddSingleton<IFunctionMetadataProvider, GeneratedFunctionMetadataProvider>();
        builder.Services.AddSingleton<IFunctionExecutor, DirectFunctionExecutor>();
        new WorkerExtensionStartupCodeExecutor().Configure(builder);
        // Bound already, so that no other worker can take the port before Kestrel listens.
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.ListenHandle((ulong)socket.SafeHandle.DangerousGetHandle()));
        var address = $"http://{socket.LocalEndPoint}/";
        builder.Services.PostConfigure<WorkerOptions>(worker => worker.Capabilities["HttpUri"] = address);
        return socket;
    }
}
