using System.Security.Cryptography;
using System.Text;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Gateway.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace EdgeRouter.Functions;

/// <summary>
/// Refuses HTTP requests that did not come through the operator's Front Door, which sends its id in a header that callers cannot set. Used only when
/// <c>EdgeRouter__FrontDoor__Id</c> is set. Other triggers pass.
/// </summary>
internal sealed class FrontDoorCheck(RouterSettings settings, CallerApis apis) : IFunctionsWorkerMiddleware
{
    private const string Header = "X-Azure-FDID";
    private readonly byte[] expected = Encoding.UTF8.GetBytes(settings.Azure.FrontDoorId
        ?? throw new InvalidOperationException("EdgeRouter__FrontDoor__Id is not set."));

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        var http = context.GetHttpContext();
        return http is null || IsExpected(http.Request.Headers[Header].ToString()) ? next(context) : RefuseAsync(http);
    }

    private bool IsExpected(string id) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(id), expected);

    private async Task RefuseAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        http.Response.ContentType = apis.Default.ErrorMediaType;
        if (HttpMethods.IsHead(http.Request.Method)) return;
        apis.Default.WriteError(new RouterError(403, ErrorTypes.PermissionDenied, "Requests must come through this deployment's Front Door."),
            null, http.Response.BodyWriter);
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }
}
