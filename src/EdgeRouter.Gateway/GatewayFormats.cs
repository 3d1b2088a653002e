using EdgeRouter.Dialects.AnthropicMessages.Caller;
using EdgeRouter.Dialects.AnthropicMessages.Wire;
using EdgeRouter.Dialects.BedrockConverse.Wire;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Completions.Caller;
using EdgeRouter.Dialects.Completions.Wire;
using EdgeRouter.Dialects.Embeddings.Caller;
using EdgeRouter.Dialects.Gemini.Caller;
using EdgeRouter.Dialects.Gemini.Wire;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using EdgeRouter.Dialects.OpenAIChat.Wire;
using EdgeRouter.Dialects.OpenAIResponses.Caller;
using EdgeRouter.Dialects.OpenAIResponses.Wire;
using EdgeRouter.Dialects.Rerank.Caller;
using EdgeRouter.Dialects.Rerank.Wire;
using EdgeRouter.Dialects.Wires;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EdgeRouter.Gateway;

/// <summary>Registers caller APIs and wires, one line each. The only place in the gateway that names a format.</summary>
public static class GatewayFormats
{
    /// <summary>Adds the APIs that callers speak. The first one writes the errors of paths that belong to none.</summary>
    public static IServiceCollection AddCallerApis(this IServiceCollection services)
    {
        services.AddCallerApi(new OpenAIChatCallerApi());
        services.AddCallerApi(new CompletionsCallerApi());
        services.AddCallerApi(new MessagesCallerApi());
        services.AddCallerApi(new ResponsesCallerApi());
        services.AddCallerApi(new EmbeddingsCallerApi());
        services.AddCallerApi(new GeminiCallerApi());
        services.AddCallerApi(new RerankCallerApi());
        services.TryAddSingleton<CallerApis>();
        return services;
    }

    /// <summary>Adds the wires that providers speak.</summary>
    public static IServiceCollection AddProviderWires(this IServiceCollection services)
    {
        services.AddProviderWire(new OpenAIChatWire());
        services.AddProviderWire(new CompletionsWire());
        services.AddProviderWire(new AnthropicMessagesWire());
        services.AddProviderWire(new GeminiWire());
        services.AddProviderWire(new OpenAIResponsesWire());
        services.AddProviderWire(new BedrockConverseWire());
        services.AddProviderWire(new RerankWire());
        services.TryAddSingleton<ProviderWires>();
        return services;
    }

    /// <summary>Adds a caller API.</summary>
    public static void AddCallerApi(this IServiceCollection services, ICallerApi api) => services.TryAddEnumerable(ServiceDescriptor.Singleton(api));

    /// <summary>Adds a wire.</summary>
    public static void AddProviderWire(this IServiceCollection services, IProviderWire wire) => services.TryAddEnumerable(ServiceDescriptor.Singleton(wire));
}
