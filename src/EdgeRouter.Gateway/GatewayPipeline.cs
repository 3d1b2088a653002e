using EdgeRouter.Core.Governance;
using EdgeRouter.Dialects;
using EdgeRouter.Dialects.OpenAIChat;
using EdgeRouter.Gateway.Admission;
using EdgeRouter.Gateway.Api;
using EdgeRouter.Gateway.Authentication;
using EdgeRouter.Gateway.Budgets;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Errors;
using EdgeRouter.Gateway.Forwarding;
using EdgeRouter.Gateway.Metering;
using EdgeRouter.Gateway.Parsing;
using EdgeRouter.Gateway.Selection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeRouter.Gateway;

/// <summary>
/// The request's way, top to bottom. Both hosts hand the resulting delegate the real HttpContext. A stage is the folder of its name; stages speak
/// through <see cref="GatewayRequest"/>.
/// </summary>
public static class GatewayPipeline
{
    /// <summary>Builds the way from services added by <see cref="GatewayServices.AddEdgeRouter"/>.</summary>
    public static RequestDelegate Build(IServiceProvider services)
    {
        var settings = services.GetRequiredService<RouterSettings>();
        var dialect = services.GetRequiredService<OpenAIChatDialect>();
        var way = new ApplicationBuilder(services);
        way.UseMiddleware<ErrorsStage>((ICallerApi)dialect);
        way.UseRouting();
        if (settings.CorsOrigins.Count > 0) way.UseCors();
        way.UseMiddleware<ArrivalStage>();
        way.UseMiddleware<AuthenticationStage>();
        way.UseEndpoints(routes =>
        {
            var inference = Inference(services);
            // OpenRouter's base path, and the one that clients of OpenAI and Anthropic have built in.
            foreach (var root in (string[])["/api/v1", "/v1"])
                routes.MapPost($"{root}/chat/completions", inference).WithMetadata(new InferenceRoute(dialect), new RequiresKey(KeyKind.Inference));
            ResourceRoutes.Map(routes, services, dialect);
        });
        return way.Build();
    }

    /// <summary>The stages of a request that calls a model.</summary>
    private static RequestDelegate Inference(IServiceProvider services)
    {
        var way = new ApplicationBuilder(services);
        way.UseMiddleware<AdmissionStage>();
        way.UseMiddleware<MeteringStage>();
        way.UseMiddleware<ParsingStage>();
        way.UseMiddleware<SelectionStage>();
        way.UseMiddleware<BudgetStage>();
        way.Run(ActivatorUtilities.CreateInstance<ForwardingStage>(services).InvokeAsync);
        return way.Build();
    }
}
