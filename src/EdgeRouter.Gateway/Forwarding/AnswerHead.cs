using EdgeRouter.Core.Catalog;
using EdgeRouter.Dialects;

namespace EdgeRouter.Gateway.Forwarding;

/// <summary>The head of an answer, from the request and the endpoint that serves it.</summary>
internal static class AnswerHead
{
    public static AnswerHeader Of(GatewayRequest request, Endpoint endpoint) =>
        new(request.GenerationId, request.ArrivedAt.ToUnixTimeSeconds(), endpoint.Model.Id, endpoint.Provider.Name, request.Routing!.ExcludeReasoning);
}
