using Grpc.Core;

namespace EdgeRouter.Emulators.FunctionsHost.Worker;

/// <summary>Takes the worker's call. A worker that comes after one that left replaces it.</summary>
internal sealed class WorkerService(EmulatedHost host, IHostApplicationLifetime lifetime) : FunctionRpc.FunctionRpcBase
{
    public override async Task EventStream(IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream,
        ServerCallContext context)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        await host.ServeAsync(requestStream, responseStream, either.Token);
    }
}
