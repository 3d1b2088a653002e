using System.Text.Json.Nodes;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Framing;
using EdgeRouter.Dialects.OpenAIChat.Wire;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.FunctionalTests.Stubs;
using EdgeRouter.Gateway;

namespace EdgeRouter.FunctionalTests.OtherMedia;

/// <summary>A router with one caller API and one wire more, as an extension would register them, and one provider that speaks the wire.</summary>
internal static class OtherMediaRouter
{
    /// <summary>A name that no catalog of the router's own has.</summary>
    private const string WireName = "other-media";

    /// <summary>Starts it.</summary>
    public static async Task<TestEnvironment> StartAsync(ICallerApi api, string output, ProviderAnswer answer, params (string, string)[] settings)
    {
        var environment = new TestEnvironment();
        var provider = await environment.AddAsync("alpha", answer, WireName);
        environment.Catalog.AddModel(TestEnvironment.Model, [TestCatalog.Endpoint(provider)], new() { ["output_modalities"] = new JsonArray(output) });
        await environment.StartRouterAsync(services =>
        {
            services.AddProviderWire(new OneOperationWire(api.Operation));
            services.AddCallerApi(api);
        }, settings);
        return environment;
    }

    /// <summary>A wire with a path for one operation. Its exchanges have transports of their own.</summary>
    private sealed class OneOperationWire(Operation carried) : IProviderWire
    {
        private readonly OpenAIChatWire errors = new();

        public string Name => WireName;

        public RequestParameters Carries => RequestParameters.None;

        public WireTransport Transport => throw new NotSupportedException();

        public string? GetPath(Operation operation, string upstreamModel, bool stream) => operation == carried ? operation.Name : null;

        public UpstreamError ReadError(int status, ReadOnlyMemory<byte> body) => errors.ReadError(status, body);
    }
}
