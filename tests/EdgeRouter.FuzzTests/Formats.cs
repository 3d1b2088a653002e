using System.Collections.Frozen;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.Gateway;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeRouter.FuzzTests;

/// <summary>Every caller API and wire that the gateway registers, and an endpoint of each wire: a new one is fuzzed without a change here.</summary>
internal static class Formats
{
    private static readonly ServiceProvider Services = new ServiceCollection().AddCallerApis().AddProviderWires().BuildServiceProvider();

    public static IReadOnlyList<ICallerApi> Apis { get; } = Services.GetRequiredService<CallerApis>().All;

    public static IReadOnlyList<IProviderWire> Wires { get; } =
        [.. Services.GetRequiredService<ProviderWires>().All.OrderBy(wire => wire.Name, StringComparer.Ordinal)];

    /// <summary>
    /// APIs whose answers nobody checks here yet (<see cref="Parts.EventsCheck"/>): only what is sent to them is fuzzed. Their answers are tried by generated
    /// conversations in the tests of the dialects.
    /// </summary>
    private static readonly string[] RequestsOnly = ["gemini", "responses"];

    /// <summary>Each API with each wire that has a path for its operation.</summary>
    public static IReadOnlyList<(ICallerApi Api, IProviderWire Wire)> Pairs { get; } =
    [
        .. from api in Apis where !RequestsOnly.Contains(api.Name)
           from wire in Wires where wire.GetPath(api.Operation, "m", stream: false) is not null select (api, wire),
    ];

    /// <summary>Those of them that stream.</summary>
    public static IReadOnlyList<(ICallerApi Api, IProviderWire Wire)> StreamPairs { get; } =
        [.. Pairs.Where(pair => pair.Wire.GetPath(pair.Api.Operation, "m", stream: true) is not null)];

    private static readonly Dictionary<string, Endpoint> Endpoints = Wires.ToDictionary(wire => wire.Name, CreateEndpoint);

    /// <summary>Whether a wire streams any answer.</summary>
    public static bool Streams(IProviderWire wire) => StreamPairs.Any(pair => pair.Wire == wire);

    /// <summary>An endpoint that takes everything.</summary>
    public static Endpoint EndpointOf(IProviderWire wire) => Endpoints[wire.Name];

    private static Endpoint CreateEndpoint(IProviderWire wire)
    {
        var model = new Model
        {
            Id = "fuzz/model",
            CanonicalSlug = "fuzz/model",
            Name = "Model",
            InputModalities = FrozenSet.Create("text", "image", "file", "audio", "video"),
            OutputModalities = FrozenSet.Create("text", "image", "audio", "embeddings", "rerank"),
        };
        return new Endpoint
        {
            Model = model,
            Provider = new Provider { Slug = wire.Name, Name = wire.Name, Wire = wire.Name, Auth = AuthSchemes.Bearer },
            Tag = wire.Name,
            UpstreamModel = "upstream-model",
            ContextLength = 128_000,
            MaxCompletionTokens = 8192,
            Pricing = new Pricing { Prompt = 0.000001m, Completion = 0.000002m, InputCacheRead = 0.0000005m, InternalReasoning = 0.000003m },
            SupportedParameters = (RequestParameters)ulong.MaxValue,
            DataPolicy = new DataPolicy(false, false),
        };
    }
}
