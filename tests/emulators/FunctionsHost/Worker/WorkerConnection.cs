using System.Collections.Concurrent;
using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace EdgeRouter.Emulators.FunctionsHost.Worker;

/// <summary>The stream of messages between this host and one worker. Thread-safe.</summary>
/// <param name="options">What the host runs.</param>
/// <param name="functionTimeout">Longest that an invocation may take.</param>
/// <param name="onFailure">Told a line of each invocation that did not succeed.</param>
internal sealed class WorkerConnection(HostOptions options, TimeSpan functionTimeout, Action<string> onFailure)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly Channel<StreamingMessage> outgoing = Channel.CreateUnbounded<StreamingMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> asked = new();
    private readonly ConcurrentDictionary<string, bool> invocations = new();

    /// <summary>Where the worker takes HTTP requests; known once it is initialised.</summary>
    public Uri HttpAddress { get; private set; } = null!;

    public IReadOnlyList<Function> Functions { get; private set; } = [];

    public int RunningInvocations => invocations.Count;

    /// <summary>Relays messages until the worker leaves or the token fires.</summary>
    public async Task RunAsync(IAsyncStreamReader<StreamingMessage> incoming, IServerStreamWriter<StreamingMessage> responses,
        CancellationToken cancellationToken)
    {
        var sending = SendAsync(responses, cancellationToken);
        try
        {
            while (await incoming.MoveNext(cancellationToken)) Take(incoming.Current);
        }
        catch (Exception error)
        {
            // The worker's process ended, or this host does: either way the connection is over.
            options.Log(LogLevel.Debug, $"The worker's messages ended: {error.Message}");
        }
        finally
        {
            End();
            await sending;
        }
    }

    /// <summary>Brings the worker up: initialises it, asks for its functions and loads them.</summary>
    /// <exception cref="InvalidOperationException">The worker refused; the text says what.</exception>
    public async Task StartAsync()
    {
        var init = (await AskAsync(Guid.NewGuid().ToString(), new StreamingMessage
        {
            WorkerInitRequest = new WorkerInitRequest
            {
                HostVersion = "4.0.0",
                FunctionAppDirectory = options.AppDirectory,
                WorkerDirectory = options.AppDirectory
            },
        })).WorkerInitResponse;
        Check(init.Result, "initialise the worker");
        HttpAddress = init.Capabilities.TryGetValue("HttpUri", out var address)
            ? new Uri(address) : throw new InvalidOperationException("The worker has no HttpUri: its ASP.NET Core integration is not on.");
        var metadata = (await AskAsync(Guid.NewGuid().ToString(), new StreamingMessage
        {
            FunctionsMetadataRequest = new FunctionsMetadataRequest { FunctionAppDirectory = options.AppDirectory },
        })).FunctionMetadataResponse;
        Check(metadata.Result, "list the functions");
        foreach (var function in metadata.FunctionMetadataResults)
        {
            function.Directory = options.AppDirectory;
            var loaded = (await AskAsync(Guid.NewGuid().ToString(), new StreamingMessage
            {
                FunctionLoadRequest = new FunctionLoadRequest { FunctionId = function.FunctionId, Metadata = function },
            })).FunctionLoadResponse;
            Check(loaded.Result, $"load the function {function.Name}");
        }
        Functions = [.. metadata.FunctionMetadataResults.Select(static function => new Function(function))];
    }

    /// <summary>Runs a function. When the token fires, the worker is told, and its answer is still waited for.</summary>
    /// <exception cref="IOException">The worker left.</exception>
    /// <exception cref="TimeoutException">The function's time is up; the worker was told.</exception>
    public async Task<StatusResult> InvokeAsync(Function function, string id, TypedData input, CancellationToken cancellationToken)
    {
        var request = new InvocationRequest { InvocationId = id, FunctionId = function.Metadata.FunctionId, TraceContext = new RpcTraceContext() };
        request.InputData.Add(new ParameterBinding { Name = function.Parameter, Data = input });
        invocations.TryAdd(id, true);
        try
        {
            var answer = AskAsync(id, new StreamingMessage { InvocationRequest = request }, functionTimeout);
            await using var cancelling = cancellationToken.UnsafeRegister(_ => Cancel(id), null);
            var result = (await answer).InvocationResponse.Result;
            if (result.Status != StatusResult.Types.Status.Success)
                Failed($"Executed 'Functions.{function.Name}' ({result.Status}, Id={id}) {result.Exception?.Message}");
            return result;
        }
        catch (TimeoutException error)
        {
            Cancel(id);
            var text = $"Timeout value of {functionTimeout} exceeded by function 'Functions.{function.Name}' (Id: '{id}').";
            Failed(text);
            throw new TimeoutException(text, error);
        }
        finally
        {
            invocations.TryRemove(id, out _);
        }
    }

    /// <summary>Cancels every invocation under way, as the host does at a time-out. HTTP connections stay open.</summary>
    public void CancelAll()
    {
        foreach (var id in invocations.Keys) Cancel(id);
    }

    /// <summary>Asks the worker to end.</summary>
    public void Terminate(TimeSpan grace) =>
        outgoing.Writer.TryWrite(new StreamingMessage { WorkerTerminate = new WorkerTerminate { GracePeriod = Duration.FromTimeSpan(grace) } });

    private void Failed(string line)
    {
        options.Log(LogLevel.Error, line);
        onFailure(line);
    }

    private void Cancel(string id) => outgoing.Writer.TryWrite(new StreamingMessage { InvocationCancel = new InvocationCancel { InvocationId = id } });

    private Task<StreamingMessage> AskAsync(string id, StreamingMessage question) => AskAsync(id, question, Patience);

    private async Task<StreamingMessage> AskAsync(string id, StreamingMessage question, TimeSpan patience)
    {
        var answer = new TaskCompletionSource<StreamingMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        asked.TryAdd(id, answer);
        try
        {
            question.RequestId = id;
            if (!outgoing.Writer.TryWrite(question)) throw new IOException("The worker has left.");
            return await answer.Task.WaitAsync(patience);
        }
        catch (TimeoutException error)
        {
            throw new TimeoutException($"The worker did not answer {question.ContentCase} within {patience}.", error);
        }
        finally
        {
            asked.TryRemove(id, out _);
        }
    }

    private async Task SendAsync(IServerStreamWriter<StreamingMessage> responses, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var message in outgoing.Reader.ReadAllAsync(CancellationToken.None)) await responses.WriteAsync(message, cancellationToken);
        }
        catch (Exception error)
        {
            // Nobody can be asked any more, and what was asked has perhaps not been sent.
            options.Log(LogLevel.Debug, $"Messages to the worker ended: {error.Message}");
            End();
        }
    }

    // In this order: whoever asks afterwards finds the channel closed.
    private void End()
    {
        outgoing.Writer.TryComplete();
        foreach (var answer in asked.Values) answer.TrySetException(new IOException("The worker has left."));
    }

    private void Take(StreamingMessage message)
    {
        if (message.ContentCase == StreamingMessage.ContentOneofCase.RpcLog)
            options.Log((LogLevel)(int)message.RpcLog.Level,
                $"{message.RpcLog.Category}: {message.RpcLog.Message} {message.RpcLog.Exception?.Message}".TrimEnd());
        // The worker answers a cancellation with a message that has no content.
        else if (message.ContentCase != StreamingMessage.ContentOneofCase.None && asked.TryGetValue(message.RequestId, out var answer))
            answer.TrySetResult(message);
    }

    private static void Check(StatusResult result, string what)
    {
        if (result.Status != StatusResult.Types.Status.Success)
            throw new InvalidOperationException($"Could not {what}: {result.Exception?.Message ?? result.Result}");
    }
}
