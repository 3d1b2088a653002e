using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeRouter.Gateway.Tests;

/// <summary>A body of an answer that fails in a way that nobody expects.</summary>
internal sealed class BrokenBody : IHttpResponseBodyFeature
{
    private readonly TaskCompletionSource tried = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when somebody wants to write.</summary>
    public Task Tried => tried.Task.WaitAsync(TimeSpan.FromSeconds(10));

    public Stream Stream => throw new NotSupportedException();

    public PipeWriter Writer
    {
        get
        {
            tried.TrySetResult();
            throw new NotSupportedException();
        }
    }

    public Task CompleteAsync() => Task.CompletedTask;

    public void DisableBuffering()
    {
    }

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
}
