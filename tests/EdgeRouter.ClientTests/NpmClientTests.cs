using Xunit;

namespace EdgeRouter.ClientTests;

// A class for each client, since classes run side by side.

/// <summary>The official <c>openai</c> client.</summary>
public sealed class OpenAINpmTests(RouterAndProviders setup)
{
    // The encodings and the models are the router's own, whatever the provider answers.
    public static TheoryData<string, string> Scripts => [.. Combine("chat", "tools", "content", "errors", "responses", "responses-errors"),
        ("embeddings", "scripted"), ("models", "openai-chat")];

    [Theory]
    [MemberData(nameof(Scripts))]
    public Task OpenAI_client_works_unmodified(string script, string dialect) => NodeScript.PassesAsync(setup, $"openai/{script}.mjs", dialect);

    internal static TheoryData<string, string> Combine(params string[] scripts) =>
        new(scripts.SelectMany(script => ClientCatalog.Dialects.Select(dialect => (script, dialect))));
}

/// <summary>The official <c>@openrouter/sdk</c> client, which refuses any answer that is not of the schema.</summary>
public sealed class OpenRouterSdkTests(RouterAndProviders setup)
{
    // The resources are the same whatever the dialect.
    public static TheoryData<string, string> Scripts =>
    [
        .. OpenAINpmTests.Combine("chat", "tools", "content", "errors", "metadata", "responses"),
        ("resources", "openai-chat"), ("embeddings", "scripted"), ("rerank", "scripted"),
    ];

    [Theory]
    [MemberData(nameof(Scripts))]
    public Task OpenRouter_client_works_unmodified(string script, string dialect) => NodeScript.PassesAsync(setup, $"openrouter/{script}.mjs", dialect);
}

/// <summary>The AI SDK (<c>ai</c>) over <c>@openrouter/ai-sdk-provider</c>.</summary>
public sealed class AISdkTests(RouterAndProviders setup)
{
    public static TheoryData<string, string> Scripts => [.. OpenAINpmTests.Combine("chat"), ("embeddings", "scripted")];

    [Theory]
    [MemberData(nameof(Scripts))]
    public Task AI_SDK_works_unmodified(string script, string dialect) => NodeScript.PassesAsync(setup, $"ai-sdk/{script}.mjs", dialect);
}

/// <summary>The official <c>@google/genai</c> client.</summary>
public sealed class GoogleNpmTests(RouterAndProviders setup)
{
    // The list of models is the same whatever the dialect.
    public static TheoryData<string, string> Scripts => [.. OpenAINpmTests.Combine("chat", "tools", "content", "errors"), ("models", "openai-chat")];

    [Theory]
    [MemberData(nameof(Scripts))]
    public Task Google_client_works_unmodified(string script, string dialect) => NodeScript.PassesAsync(setup, $"google/{script}.mjs", dialect);
}

/// <summary>The official <c>@anthropic-ai/sdk</c> client.</summary>
public sealed class AnthropicNpmTests(RouterAndProviders setup)
{
    // The models are the same whatever the dialect.
    public static TheoryData<string, string> Scripts =>
        [.. OpenAINpmTests.Combine("chat", "tools", "content", "errors", "count"), ("models", "anthropic-messages")];

    [Theory]
    [MemberData(nameof(Scripts))]
    public Task Anthropic_client_works_unmodified(string script, string dialect) => NodeScript.PassesAsync(setup, $"anthropic/{script}.mjs", dialect);
}
