using EdgeRouter.Gateway.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Functions;

/// <summary>
/// Every HTTP request. Hands the real <see cref="HttpContext"/> to the gateway, which authenticates and answers; holds no logic of its own. One
/// instance per invocation.
/// </summary>
/// <param name="gateway">The request pipeline.</param>
/// <param name="log">Log.</param>
public sealed class GatewayFunction(RequestDelegate gateway, ILogger<GatewayFunction> log)
{
    /// <summary>
    /// Serves one request. Does not wait for its record: <see cref="RecordWait"/> does. Throws what the gateway did not handle itself, after it has made
    /// sure that the answer does not look complete.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">The host cancels: the caller disconnected, the function's time is up, or the instance stops.</param>
    [Function("gateway")]
    public async Task RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "put", "patch", "delete", "options", "head", Route = "{*path}")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var context = request.HttpContext;
        // The worker has routed to this function, and the gateway's own routing would take that for its result.
        context.SetEndpoint(null);
        request.RouteValues.Clear();
        var connection = context.RequestAborted;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(connection, cancellationToken);
        context.RequestAborted = either.Token;
        try
        {
            await gateway(context);
            // The host counts the invocation as failed, and the reader of its telemetry must be told otherwise. What the gateway answered with an error of its
            // own is a failure all the same. A cancellation that comes when the answer is whole changes nothing; but a body that breaks off gets a 400.
            var status = context.Response.StatusCode;
            var callerDisconnected = context.Features.Get<RecordAcceptance>() is { CallerDisconnected: true };
            if (callerDisconnected && status < 500 || status is >= 400 and < 500 && either.IsCancellationRequested) FunctionsLog.CallerDisconnected(log);
            // The gateway wrote no more, and the connection may be open all the same: the host cancelled the invocation.
            if (callerDisconnected && !connection.IsCancellationRequested) context.Abort();
        }
        catch (Exception error)
        {
            FunctionsLog.RequestFailed(log, error);
            // The worker ends the response like any other, whatever is thrown here: a part of an answer would look like all of it.
            if (context.Response.HasStarted) context.Abort();
            else context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            throw;
        }
        finally
        {
            context.RequestAborted = connection;
        }
    }
}
