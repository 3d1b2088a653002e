namespace EdgeRouter.ClientTests.Providers;

/// <summary>What the model says, before a provider puts it on its wire.</summary>
internal sealed record Reply(string? Thought, string Text, IReadOnlyList<(string Name, string Arguments)> Calls, bool CutShort, Tokens Tokens);

/// <summary>Tokens in disjoint classes; providers add them up in their own ways.</summary>
internal sealed record Tokens(int FreshInput, int CachedInput, int Output, int Reasoning)
{
    public int Input => FreshInput + CachedInput;
}

/// <summary>
/// Behaves like a very small model, the same for every provider, so that a client must see the same through the router: calls tools (two at once if
/// it may) until it sees their results, fills a schema, describes pictures, else repeats what the user said. Pure, but for looking at pictures that
/// came as URLs.
/// </summary>
internal static class SmallModel
{
    /// <summary>Every prompt is read from the cache to this extent.</summary>
    public const int CachedTokens = 8;

    private const int CharactersPerToken = 4;

    public static async Task<Reply> AnswerAsync(Prompt prompt, HttpClient web, CancellationToken cancellationToken)
    {
        var calls = Call(prompt);
        var text = calls.Count > 0 ? "" : await SayAsync(prompt, web, cancellationToken);
        var cut = prompt.MaxTokens is { } most && text.Length > most * (long)CharactersPerToken;
        if (cut) text = text[..(prompt.MaxTokens!.Value * CharactersPerToken)];
        var thought = prompt.Thinks ? "The user said something. I will think about it, and then answer." : null;
        var output = Count(text.Length + calls.Sum(call => call.Arguments.Length));
        return new Reply(thought, text, calls, cut, new Tokens(Count(prompt.Characters), CachedTokens, output, Count(thought?.Length ?? 0)));
    }

    private static IReadOnlyList<(string Name, string Arguments)> Call(Prompt prompt)
    {
        if (prompt.Tools.Count == 0 || prompt.ToolResults.Count > 0 || prompt.ToolUse == ToolUse.Forbidden) return [];
        var chosen = prompt.NamedTool is { } name ? prompt.Tools.Where(tool => tool.Name == name).Take(1) : prompt.Tools.Take(prompt.ParallelCalls ? 2 : 1);
        return [.. chosen.Select(tool => (tool.Name, tool.Parameters is { } schema ? SchemaSample.Of(schema) : "{}"))];
    }

    private static async Task<string> SayAsync(Prompt prompt, HttpClient web, CancellationToken cancellationToken)
    {
        if (prompt.ToolResults.Count > 0) return "The tool answered: " + string.Join("; ", prompt.ToolResults);
        if (prompt.Schema is { } schema) return SchemaSample.Of(schema);
        if (prompt.Pictures.Count == 0) return prompt.UserText;
        var seen = new List<string>();
        foreach (var picture in prompt.Pictures) seen.Add(await LookAtAsync(picture, web, cancellationToken));
        return $"{prompt.UserText} I see {string.Join("; ", seen)}";
    }

    private static async Task<string> LookAtAsync(Picture picture, HttpClient web, CancellationToken cancellationToken)
    {
        if (picture.Bytes is { } bytes) return $"image {picture.MediaType} {bytes.Length} bytes";
        using var answer = await web.GetAsync(picture.Url, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return $"image {answer.Content.Headers.ContentType} {(await answer.Content.ReadAsByteArrayAsync(cancellationToken)).Length} bytes";
    }

    private static int Count(int characters) => (characters + CharactersPerToken - 1) / CharactersPerToken;
}
