using System.Text.Json;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Governance;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Management.Models;
using EdgeRouter.Gateway.Parsing;
using EdgeRouter.Gateway.Requests;
using EdgeRouter.Gateway.Selection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeRouter.Gateway.Management.Route;

/// <summary>
/// <c>POST /route</c>: takes a request of a caller API, which the query names (<c>?api=chat</c>; the default is the first), and answers with the plan that
/// it would get, every score and exclusion in it, without calling a provider.
/// </summary>
internal static class RouteApi
{
    public static void Map(IEndpointRouteBuilder routes, IServiceProvider services)
    {
        var settings = services.GetRequiredService<RouterSettings>();
        var load = services.GetRequiredService<InstanceLoad>();
        var time = services.GetRequiredService<TimeProvider>();
        var selection = services.GetRequiredService<RouteSelection>();
        var apis = services.GetRequiredService<CallerApis>();
        routes.MapPost("/route", (RequestDelegate)(async context =>
        {
            using var body = await RequestBody.ReadAsync(context.Request, load, settings.Limits, time);
            var api = ApiOf(context, apis);
            var request = RequestReader.Read(context, api, body.Memory, context.Features.GetRequiredFeature<Caller>());
            var plan = selection.Plan(api, request.Facts, explain: true);
            await ManagementJson.WriteAsync(context, (Plan: plan, Unit: request.Facts.Operation.OutputUnit),
                static (writer, answer) => Write(writer, answer.Plan, answer.Unit));
        }));
    }

    private static ICallerApi ApiOf(HttpContext context, CallerApis apis)
    {
        var name = context.Request.Query["api"].ToString();
        if (name.Length == 0) return apis.Default;
        return apis.Find(name)
            ?? throw new RouterException(RouterError.InvalidField("api", $"expected one of {string.Join(", ", apis.All.Select(api => api.Name))}"));
    }

    private static void Write(Utf8JsonWriter writer, RoutePlan plan, OutputUnit unit)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("data");
        writer.WriteString("strategy", plan.Strategy);
        writer.WriteString("ordering", plan.Ordering);
        writer.WriteBoolean("health_ignored", plan.HealthIgnored);
        writer.WriteStartArray("candidates");
        foreach (var candidate in plan.Explanation!.Candidates) WriteCandidate(writer, candidate, unit);
        writer.WriteEndArray();
        writer.WriteStartArray("exclusions");
        foreach (var exclusion in plan.Exclusions)
        {
            writer.WriteStartObject();
            WriteEndpoint(writer, exclusion.Endpoint);
            writer.WriteString("reason", exclusion.Reason.ToString());
            writer.WriteString("detail", exclusion.Detail);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteCandidate(Utf8JsonWriter writer, CandidateExplanation candidate, OutputUnit unit)
    {
        writer.WriteStartObject();
        WriteEndpoint(writer, candidate.Endpoint);
        if (candidate.Score is { } score) writer.WriteNumber("score", score);
        else writer.WriteNull("score");
        writer.WriteString("unit", candidate.Unit);
        writer.WriteString("reason", candidate.Reason);
        if (double.IsFinite(candidate.ExpectedCost)) writer.WriteNumber("expected_cost", candidate.ExpectedCost);
        else writer.WriteNull("expected_cost");
        writer.WritePropertyName("pricing");
        PricingJson.Write(writer, candidate.Endpoint.Pricing);
        Figure(writer, "first_token_seconds", candidate.Health.FirstTokenSeconds);
        if (unit != OutputUnit.None) Figure(writer, OutputUnits.NameOfThroughput(unit), candidate.Health.Throughput.Of(unit));
        Figure(writer, "success_rate", candidate.Health.SuccessRate);
        writer.WriteString("breaker", candidate.Health.Breaker.ToString());
        writer.WriteEndObject();
    }

    private static void WriteEndpoint(Utf8JsonWriter writer, Core.Catalog.Endpoint endpoint)
    {
        writer.WriteString("model", endpoint.Model.Id);
        writer.WriteString("endpoint", endpoint.Tag);
        writer.WriteString("provider", endpoint.Provider.Name);
    }

    private static void Figure(Utf8JsonWriter writer, string name, double value)
    {
        if (double.IsFinite(value)) writer.WriteNumber(name, Math.Round(value, 4));
        else writer.WriteNull(name);
    }
}
