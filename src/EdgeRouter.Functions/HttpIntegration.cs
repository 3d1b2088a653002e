using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Converters;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeRouter.Functions;

/// <summary>
/// The worker's HTTP integration without MVC, which it adds for functions that return MVC's results: 30 assemblies and a key ring that no function here
/// uses, a tenth of the process's memory and a sixth of its start.
/// </summary>
internal static class HttpIntegration
{
    private const string Namespace = "Microsoft.Azure.Functions.Worker.Extensions.Http.AspNetCore.";

    /// <summary>Adds the integration: Kestrel on a port of its own, whose requests meet their invocations.</summary>
    public static void Add(FunctionsApplicationBuilder builder)
    {
        AddParts(builder);
        builder.ConfigureFunctionsWebApplication();
    }

    /// <summary>
    /// The package adds its parts together with MVC, unless it finds them. They are internal: if a later version has them no more, it adds both.
    /// </summary>
    private static void AddParts(FunctionsApplicationBuilder builder)
    {
        var package = typeof(FunctionsApplicationBuilderAspNetCoreExtensions).Assembly;
        var middleware = package.GetType(Namespace + "FunctionsHttpProxyingMiddleware");
        var contract = package.GetType(Namespace + "IHttpCoordinator");
        var coordinator = package.GetType(Namespace + "DefaultHttpCoordinator");
        if (middleware is null || contract is null || coordinator is null || AddressOf(package) is not { } address) return;

        builder.Services.AddSingleton(contract, coordinator);
        builder.Services.AddSingleton(middleware);
        builder.Use(next => context => ((IFunctionsWorkerMiddleware)context.InstanceServices.GetRequiredService(middleware)).Invoke(context, next));
        builder.Services.Configure<WorkerOptions>(options =>
        {
            options.InputConverters.RegisterAt<RequestConverter>(0);
            options.Capabilities["HttpUri"] = address;
        });
    }

    /// <summary>Where the package will listen.</summary>
    private static string? AddressOf(System.Reflection.Assembly package) =>
        package.GetType(Namespace + "HttpUriProvider")?.GetProperty("HttpUriString")?.GetValue(null) as string;

    /// <summary>Hands the function the request itself.</summary>
    private sealed class RequestConverter : IInputConverter
    {
        public ValueTask<ConversionResult> ConvertAsync(ConverterContext context) =>
            context.TargetType == typeof(HttpRequest) && context.FunctionContext.GetHttpContext() is { } http
                ? new(ConversionResult.Success(http.Request)) : new(ConversionResult.Unhandled());
    }
}
