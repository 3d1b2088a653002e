using System.Diagnostics;
using System.Net;
using EdgeRouter.Emulators.FunctionsHost.Worker;
using Microsoft.AspNetCore.Routing.Template;
using Yarp.ReverseProxy.Forwarder;

namespace EdgeRouter.Emulators.FunctionsHost.Http;

/// <summary>
/// Forwards each HTTP request to the worker and invokes its function beside it, as the real host does with the worker's ASP.NET Core integration:
/// bodies go by HTTP in both directions, unbuffered; the invocation goes by gRPC with nothing in it. A response ends when both are over.
/// </summary>
internal sealed class HttpFront(IHttpForwarder forwarder, HostJson settings, Func<WorkerConnection?> worker) : IDisposable
{
    private const string InvocationHeader = "x-ms-invocation-id";
    private static readonly ForwarderRequestConfig Config = new() { ActivityTimeout = TimeSpan.FromSeconds(240) };
    private static readonly XForwardedTransformer Transformer = new();

    private readonly HttpMessageInvoker client = new(new StartupRetryHandler(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = DistributedContextPropagator.CreatePassThroughPropagator(),
    }));

    public async Task ServeAsync(HttpContext context)
    {
        if (worker() is not { } connected)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }
        if (Find(connected, context) is not { } function)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var id = Guid.NewGuid().ToString();
        // An id that the caller sends stays, and its request then fails. The real host did so until April 2025 (azure-functions-host pull request 10980);
        // the tests keep to the worse of the two.
        context.Request.Headers.TryAdd(InvocationHeader, id);
        var forwarding = forwarder.SendAsync(context, connected.HttpAddress.AbsoluteUri, client, Config, Transformer).AsTask();
        var succeeds = false;
        try
        {
            var input = new TypedData { Http = new RpcHttp { Method = context.Request.Method, Url = context.Request.Path } };
            var result = await connected.InvokeAsync(function, id, input, context.RequestAborted);
            succeeds = result.Status == StatusResult.Types.Status.Success;
        }
        catch (IOException)
        {
            // The worker left in the middle; the forwarder meets the same end.
        }
        catch (TimeoutException)
        {
            // The worker may go on with the answer; the caller gets no more of it.
            context.Abort();
        }
        succeeds &= await forwarding == ForwarderError.None;
        if (!succeeds && !context.Response.HasStarted) context.Response.StatusCode = StatusCodes.Status500InternalServerError;
    }

    public void Dispose() => client.Dispose();

    private Function? Find(WorkerConnection connected, HttpContext context)
    {
        Function? best = null;
        var precedence = decimal.MaxValue;
        foreach (var function in connected.Functions)
        {
            if (function.TriggerType != "httpTrigger" || !Allows(function, context.Request.Method)) continue;
            var template = TemplateParser.Parse($"{settings.RoutePrefix}/{function.Member("route")?.GetString() ?? function.Name}".Trim('/'));
            if (!new TemplateMatcher(template, []).TryMatch(context.Request.Path, [])) continue;
            var own = RoutePrecedence.ComputeInbound(template);
            if (own < precedence) (best, precedence) = (function, own);
        }
        return best;
    }

    private static bool Allows(Function function, string method) => function.Member("methods") is not { } methods
        || methods.EnumerateArray().Any(allowed => method.Equals(allowed.GetString(), StringComparison.OrdinalIgnoreCase));

    private sealed class XForwardedTransformer : HttpTransformer
    {
        public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix,
            CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            // The worker takes the address, the host and the scheme from these.
            var headers = proxyRequest.Headers;
            headers.Host = null;
            headers.TryAddWithoutValidation("X-Forwarded-For", httpContext.Connection.RemoteIpAddress?.ToString());
            headers.TryAddWithoutValidation("X-Forwarded-Host", httpContext.Request.Host.Value);
            headers.TryAddWithoutValidation("X-Forwarded-Proto", httpContext.Request.Scheme);
        }
    }

    /// <summary>Waits for a worker that has said its address but does not listen yet.</summary>
    private sealed class StartupRetryHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        private const int Tries = 10;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return await base.SendAsync(request, cancellationToken);
                }
                catch (HttpRequestException error) when (error.HttpRequestError == HttpRequestError.ConnectionError && attempt < Tries)
                {
                    await Task.Delay(Math.Min(50 * attempt, 250), cancellationToken);
                }
            }
        }
    }
}
