using EdgeRouter.Gateway.Requests;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace EdgeRouter.Functions;

/// <summary>
/// Ends an invocation when the record of its request is accepted: the instance must not stop before. It is around the worker's HTTP integration, so the
/// answer has ended by then, and its connection from the host carries the next request. If the record is not accepted, the invocation fails, although the
/// caller's answer is complete.
/// </summary>
internal sealed class RecordWait : IFunctionsWorkerMiddleware
{
    /// <summary>Within the HTTP integration, where the request is there: the pipeline then leaves the wait to this.</summary>
    public static FunctionExecutionDelegate HandToRequest(FunctionExecutionDelegate next) => context =>
    {
        context.GetHttpContext()?.Features.Set(context.Features.Get<RecordAcceptance>());
        return next(context);
    };

    /// <summary>
    /// Runs the invocation with a <see cref="RecordAcceptance"/> among its features. Throws what it throws, or why the record was not accepted.
    /// </summary>
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        var record = new RecordAcceptance();
        context.Features.Set(record);
        try
        {
            await next(context);
        }
        finally
        {
            await record.WaitAsync();
        }
    }
}
