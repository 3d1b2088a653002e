using System.Text.Json;
using EdgeRouter.StandIns.ServiceBus;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.StandIns.Functions;

/// <summary>
/// Host and worker in one process. HTTP goes the way it goes in the worker: forwarded headers, routing to the function's endpoint, the worker's
/// middleware, the function.
/// </summary>
internal static class StandInHost
{
    private const string DefaultUrl = "http://127.0.0.1:7071";

    public static IHost Build(WebApplicationBuilder web, IReadOnlyList<FunctionEntry> functions,
        IReadOnlyList<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware)
    {
        if (string.IsNullOrEmpty(web.Configuration["urls"])) web.Configuration["urls"] = DefaultUrl;
        var control = new InvocationControl();
        web.Services.AddSingleton(control);
        web.Services.AddSingleton(provider => new Invoker(provider.GetRequiredService<IServiceScopeFactory>(), control, middleware));
        foreach (var function in functions) AddListener(web, function);
        var app = web.Build();
        app.UseForwardedHeaders(new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All });
        var invoker = app.Services.GetRequiredService<Invoker>();
        var prefix = ReadHostJson("http", "routePrefix")?.GetString() ?? "api";
        foreach (var function in functions)
            if (function.Trigger is HttpTriggerAttribute http)
                app.MapMethods($"{prefix}/{http.Route ?? function.Name}", http.Methods ?? [], context => ServeAsync(app, invoker, function, context));
        return app;
    }

    /// <summary>A value of host.json's section for an extension; null: it does not say.</summary>
    public static JsonElement? ReadHostJson(string extension, string name)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "host.json");
        if (!File.Exists(file)) return null;
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        return json.RootElement.TryGetProperty("extensions", out var extensions) && extensions.TryGetProperty(extension, out var section)
            && section.TryGetProperty(name, out var value)
            ? value.Clone() : null;
    }

    private static void AddListener(WebApplicationBuilder web, FunctionEntry function)
    {
        switch (function.Trigger)
        {
            case ServiceBusTriggerAttribute trigger:
                var connection = TriggerConnection.Of(web.Configuration, trigger.Connection ?? "ServiceBus");
                web.Services.AddSingleton<IHostedService>(provider =>
                {
                    Broker.Ensure(connection.Host, provider.GetService<TimeProvider>() ?? TimeProvider.System);
                    return ActivatorUtilities.CreateInstance<ServiceBusPump>(provider, function, connection);
                });
                break;
            case TimerTriggerAttribute:
                web.Services.AddSingleton<IHostedService>(provider =>
                    ActivatorUtilities.CreateInstance<TimerRunner>(provider, function, provider.GetService<TimeProvider>() ?? TimeProvider.System));
                break;
            case WarmupTrigger:
                web.Services.AddSingleton<IHostedService>(provider => ActivatorUtilities.CreateInstance<WarmupRunner>(provider, function));
                break;
        }
    }

    private static async Task ServeAsync(WebApplication app, Invoker invoker, FunctionEntry function, HttpContext context)
    {
        try
        {
            // The host hears of a caller who left, and cancels the invocation.
            await invoker.InvokeAsync(function, context.Request, [], context.RequestAborted);
        }
        catch (Exception error)
        {
            // As in the worker: the failure is the invocation's; the HTTP response ends like any other.
            app.Logger.LogError(error, "Function {Name} failed.", function.Name);
        }
    }
}
