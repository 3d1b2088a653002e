using EdgeRouter.Core.Catalog;
using EdgeRouter.Gateway.Accounting;
using EdgeRouter.Gateway.Admission;
using EdgeRouter.Gateway.Arrival;
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
/// The request pipeline, top to bottom. Both hosts pass the real HttpContext to the resulting delegate. Each stage is in the folder of its name;
/// stages exchange data through <see cref="Requests.GatewayRequest"/>.
/// </summary>
public static class GatewayPipeline
{
    /// <summary>Loads the catalog, and builds the pipeline from services added by <see cref="GatewayServices.AddEdgeRouter"/>.</summary>
    /// <exception cref="CatalogException">The catalog cannot be loaded; lists every fault.</exception>
    public static RequestDelegate Build(IServiceProvider services)
    {
        services.GetRequiredService<ICatalog>();
        var settings = services.GetRequiredService<RouterSettings>();
        var pipeline = new ApplicationBuilder(services);
        pipeline.UseMiddleware<ErrorsStage>();
        pipeline.UseRouting();
        if (settings.CorsOrigins.Count > 0) pipeline.UseCors();
        pipeline.UseMiddleware<ArrivalStage>();
        pipeline.UseMiddleware<AuthenticationStage>();
        pipeline.UseMiddleware<AdmissionStage>();
        pipeline.UseEndpoints(routes => GatewayRoutes.Map(routes, services, Inference(services)));
        return pipeline.Build();
    }

    /// <summary>The stages of a request that calls a model.</summary>
    private static RequestDelegate Inference(IServiceProvider services)
    {
        var pipeline = new ApplicationBuilder(services);
        pipeline.UseMiddleware<AccountingStage>();
        pipeline.UseMiddleware<MeteringStage>();
        pipeline.UseMiddleware<ParsingStage>();
        pipeline.UseMiddleware<SelectionStage>();
        pipeline.UseMiddleware<BudgetsStage>();
        pipeline.Run(ActivatorUtilities.CreateInstance<ForwardingStage>(services).InvokeAsync);
        return pipeline.Build();
    }
}
