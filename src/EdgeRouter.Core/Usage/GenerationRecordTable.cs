using System.Globalization;
using System.Text;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Usage;

/// <summary>
/// A <see cref="GenerationRecord"/> as a table row. Unknown values have no property. Texts, some of which callers choose, are cut to
/// <see cref="MaxText"/> characters and made well-formed, so that every record fits. Stateless.
/// </summary>
public static class GenerationRecordTable
{
    /// <summary>Longest text that is kept, in characters.</summary>
    public const int MaxText = 1000;

    /// <summary>Largest number of attempts that are kept; routing makes at most 6.</summary>
    public const int MaxAttempts = 8;

    private const int UsualProperties = 32;
    private const int MaxAttemptText = 256;
    private const long MaxTokens = TokenUsage.MaxTokens;

    /// <summary>Partition of the record with this id. Throws <see cref="ArgumentException"/> when it is not an id of this router.</summary>
    public static string PartitionOf(string id) => GenerationId.TryParse(id, out _, out var shard)
        ? UsageLayout.PartitionOf(shard)
        : throw new ArgumentException("The generation id is not one of this router.", nameof(id));

    /// <summary>The row's properties. Throws <see cref="ArgumentException"/> naming the field when the record cannot be stored or counted.</summary>
    public static IReadOnlyDictionary<string, object> Encode(GenerationRecord record)
    {
        Check(record);
        var row = new RowProperties(UsualProperties);
        row.Add(nameof(record.CreatedAt), record.CreatedAt);
        row.Add(nameof(record.Streamed), Boxed.Of(record.Streamed));
        row.Add(nameof(record.Cancelled), Boxed.Of(record.Cancelled));
        row.Add(nameof(record.Status), Boxed.Of(record.Status));
        row.Add(nameof(record.UsageSource), Boxed.Of((int)record.UsageSource));
        row.Add(nameof(record.Cost), Boxed.Of(record.Cost.Value));
        row.Add(nameof(record.PromptCost), Boxed.Of(record.PromptCost.Value));
        row.Add(nameof(record.CompletionCost), Boxed.Of(record.CompletionCost.Value));
        row.Add(nameof(record.CacheDiscount), Boxed.Of(record.CacheDiscount.Value));
        AddText(row, nameof(record.Region), record.Region);
        AddText(row, nameof(record.KeyHash), record.KeyHash);
        AddText(row, nameof(record.ApiType), record.ApiType);
        AddText(row, nameof(record.RequestedModel), record.RequestedModel);
        AddText(row, nameof(record.Model), record.Model);
        AddText(row, nameof(record.ProviderSlug), record.ProviderSlug);
        AddText(row, nameof(record.ProviderName), record.ProviderName);
        AddText(row, nameof(record.EndpointId), record.EndpointId);
        AddText(row, nameof(record.UpstreamId), record.UpstreamId);
        AddText(row, nameof(record.ErrorType), record.ErrorType);
        AddText(row, nameof(record.FinishReason), record.FinishReason);
        AddText(row, nameof(record.NativeFinishReason), record.NativeFinishReason);
        AddText(row, nameof(record.ServiceTier), record.ServiceTier);
        AddText(row, nameof(record.ExternalUser), record.ExternalUser);
        AddText(row, nameof(record.SessionId), record.SessionId);
        AddText(row, nameof(record.HttpReferer), record.HttpReferer);
        AddText(row, nameof(record.AppTitle), record.AppTitle);
        AddText(row, nameof(record.UserAgent), record.UserAgent);
        Add(row, nameof(record.LatencyMs), record.LatencyMs);
        Add(row, nameof(record.GenerationTimeMs), record.GenerationTimeMs);
        Add(row, nameof(record.OverheadMicroseconds), record.OverheadMicroseconds);
        AddCount(row, nameof(record.PromptMedia), record.PromptMedia);
        AddUsage(row, record.Usage);
        if (record.ReportedUsage is { } reported) row.Add(nameof(record.ReportedUsage), GenerationRecordJson.Encode(reported));
        if (record.Attempts.Count > 0) row.Add(nameof(record.Attempts), AttemptsJson.Encode(Bounded(record.Attempts)));
        return row;
    }

    /// <summary>The record in a row that <see cref="Encode"/> made.</summary>
    public static GenerationRecord Decode(TableRow row)
    {
        var properties = row.Properties;
        string? Text(string name) => properties.TryGetValue(name, out var value) ? (string)value : null;
        T? Value<T>(string name) where T : struct => properties.TryGetValue(name, out var value) ? (T)value : null;
        NanoDollars Money(string name) => new((long)properties[name]);
        return new GenerationRecord
        {
            Id = row.Row,
            CreatedAt = (DateTimeOffset)properties[nameof(GenerationRecord.CreatedAt)],
            Region = Text(nameof(GenerationRecord.Region)) ?? "",
            KeyHash = Text(nameof(GenerationRecord.KeyHash)) ?? "",
            ApiType = Text(nameof(GenerationRecord.ApiType)) ?? "",
            RequestedModel = Text(nameof(GenerationRecord.RequestedModel)) ?? "",
            Model = Text(nameof(GenerationRecord.Model)),
            ProviderSlug = Text(nameof(GenerationRecord.ProviderSlug)),
            ProviderName = Text(nameof(GenerationRecord.ProviderName)),
            EndpointId = Text(nameof(GenerationRecord.EndpointId)),
            UpstreamId = Text(nameof(GenerationRecord.UpstreamId)),
            Streamed = (bool)properties[nameof(GenerationRecord.Streamed)],
            Cancelled = (bool)properties[nameof(GenerationRecord.Cancelled)],
            Status = (int)properties[nameof(GenerationRecord.Status)],
            ErrorType = Text(nameof(GenerationRecord.ErrorType)),
            FinishReason = Text(nameof(GenerationRecord.FinishReason)),
            NativeFinishReason = Text(nameof(GenerationRecord.NativeFinishReason)),
            LatencyMs = Value<double>(nameof(GenerationRecord.LatencyMs)),
            GenerationTimeMs = Value<double>(nameof(GenerationRecord.GenerationTimeMs)),
            OverheadMicroseconds = Value<double>(nameof(GenerationRecord.OverheadMicroseconds)),
            Usage = ReadUsage(Value<long>, Value<int>),
            UsageSource = (UsageSource)(int)properties[nameof(GenerationRecord.UsageSource)],
            ReportedUsage = properties.TryGetValue(nameof(GenerationRecord.ReportedUsage), out var reported)
                ? GenerationRecordJson.DecodeUsage((byte[])reported) : null,
            Cost = Money(nameof(GenerationRecord.Cost)),
            PromptCost = Money(nameof(GenerationRecord.PromptCost)),
            CompletionCost = Money(nameof(GenerationRecord.CompletionCost)),
            CacheDiscount = Money(nameof(GenerationRecord.CacheDiscount)),
            PromptMedia = Value<int>(nameof(GenerationRecord.PromptMedia)),
            ServiceTier = Text(nameof(GenerationRecord.ServiceTier)),
            ExternalUser = Text(nameof(GenerationRecord.ExternalUser)),
            SessionId = Text(nameof(GenerationRecord.SessionId)),
            HttpReferer = Text(nameof(GenerationRecord.HttpReferer)),
            AppTitle = Text(nameof(GenerationRecord.AppTitle)),
            UserAgent = Text(nameof(GenerationRecord.UserAgent)),
            Attempts = properties.TryGetValue(nameof(GenerationRecord.Attempts), out var attempts) ? AttemptsJson.Decode((byte[])attempts) : [],
        };
    }

    private static void AddUsage(RowProperties row, in TokenUsage usage)
    {
        AddTokens(row, nameof(usage.Input), usage.Input);
        AddTokens(row, nameof(usage.CacheRead), usage.CacheRead);
        AddTokens(row, nameof(usage.CacheWrite5m), usage.CacheWrite5m);
        AddTokens(row, nameof(usage.CacheWrite1h), usage.CacheWrite1h);
        AddTokens(row, nameof(usage.InputAudio), usage.InputAudio);
        AddTokens(row, nameof(usage.InputImage), usage.InputImage);
        AddTokens(row, nameof(usage.InputVideo), usage.InputVideo);
        AddTokens(row, nameof(usage.Output), usage.Output);
        AddTokens(row, nameof(usage.Reasoning), usage.Reasoning);
        AddTokens(row, nameof(usage.OutputAudio), usage.OutputAudio);
        AddTokens(row, nameof(usage.OutputImage), usage.OutputImage);
        AddTokens(row, nameof(usage.AcceptedPrediction), usage.AcceptedPrediction);
        AddTokens(row, nameof(usage.RejectedPrediction), usage.RejectedPrediction);
        if (usage.WebSearches < 0) throw new ArgumentException($"WebSearches is {usage.WebSearches}; expected 0 or more.", nameof(usage));
        AddCount(row, nameof(usage.WebSearches), usage.WebSearches);
        if (usage.SearchUnits < 0) throw new ArgumentException($"SearchUnits is {usage.SearchUnits}; expected 0 or more.", nameof(usage));
        AddCount(row, nameof(usage.SearchUnits), usage.SearchUnits);
    }

    private static TokenUsage ReadUsage(Func<string, long?> tokens, Func<string, int?> count) => new()
    {
        Input = tokens(nameof(TokenUsage.Input)),
        CacheRead = tokens(nameof(TokenUsage.CacheRead)),
        CacheWrite5m = tokens(nameof(TokenUsage.CacheWrite5m)),
        CacheWrite1h = tokens(nameof(TokenUsage.CacheWrite1h)),
        InputAudio = tokens(nameof(TokenUsage.InputAudio)),
        InputImage = tokens(nameof(TokenUsage.InputImage)),
        InputVideo = tokens(nameof(TokenUsage.InputVideo)),
        Output = tokens(nameof(TokenUsage.Output)),
        Reasoning = tokens(nameof(TokenUsage.Reasoning)),
        OutputAudio = tokens(nameof(TokenUsage.OutputAudio)),
        OutputImage = tokens(nameof(TokenUsage.OutputImage)),
        AcceptedPrediction = tokens(nameof(TokenUsage.AcceptedPrediction)),
        RejectedPrediction = tokens(nameof(TokenUsage.RejectedPrediction)),
        WebSearches = count(nameof(TokenUsage.WebSearches)),
        SearchUnits = count(nameof(TokenUsage.SearchUnits)),
    };

    private static void AddTokens(RowProperties row, string name, long? tokens)
    {
        // Bounded here so that roll-ups cannot overflow.
        if (tokens is < 0 or > MaxTokens) throw new ArgumentException($"Usage.{name} is {tokens}; expected 0 to {MaxTokens}.", nameof(tokens));
        if (tokens is { } known) row.Add(name, Boxed.Of(known));
    }

    private static void AddCount(RowProperties row, string name, int? count)
    {
        if (count is { } known) row.Add(name, Boxed.Of(known));
    }

    private static void Add(RowProperties row, string name, double? value)
    {
        if (value is { } known) row.Add(name, known);
    }

    private static void AddText(RowProperties row, string name, string? text)
    {
        if (text is not null) row.Add(name, Bounded(text));
    }

    /// <summary>The text as <see cref="Encode"/> keeps it.</summary>
    internal static string Bounded(string text) => Bounded(text, MaxText);

    /// <summary>The attempts as <see cref="Encode"/> keeps them.</summary>
    internal static AttemptRecord[] Bounded(IReadOnlyList<AttemptRecord> attempts)
    {
        var kept = new AttemptRecord[Math.Min(attempts.Count, MaxAttempts)];
        for (var i = 0; i < kept.Length; i++) kept[i] = Bounded(attempts[i]);
        return kept;
    }

    private static AttemptRecord Bounded(AttemptRecord attempt)
    {
        var (endpoint, provider, model, outcome) = (Attempted(attempt.EndpointId), Attempted(attempt.ProviderName), Attempted(attempt.Model),
            Attempted(attempt.Outcome));
        var fits = ReferenceEquals(endpoint, attempt.EndpointId) && ReferenceEquals(provider, attempt.ProviderName) && ReferenceEquals(model, attempt.Model)
            && ReferenceEquals(outcome, attempt.Outcome);
        return fits ? attempt : attempt with { EndpointId = endpoint, ProviderName = provider, Model = model, Outcome = outcome };
    }

    private static string Attempted(string text) => Bounded(text, MaxAttemptText);

    private static string Bounded(string text, int most)
    {
        if (text.Length > most) text = text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
        // Half surrogate pairs become U+FFFD.
        return text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0 ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
    }

    private static void Check(GenerationRecord record)
    {
        if (!GenerationId.TryParse(record.Id, out _, out _)) throw new ArgumentException("Id is not a generation id of this router.", nameof(record));
        if (record.KeyHash is not { Length: > 0 and <= 128 }) throw new ArgumentException("KeyHash must have 1 to 128 characters.", nameof(record));
        foreach (var letter in record.KeyHash)
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_'))
                throw new ArgumentException("KeyHash must be ASCII letters, digits, hyphens and underscores.", nameof(record));
        CheckCost(record.Cost, nameof(record.Cost), least: NanoDollars.Zero);
        CheckCost(record.PromptCost, nameof(record.PromptCost), least: NanoDollars.Zero);
        CheckCost(record.CompletionCost, nameof(record.CompletionCost), least: NanoDollars.Zero);
        CheckCost(record.CacheDiscount, nameof(record.CacheDiscount), least: NanoDollars.Zero - GenerationRecord.MaxCost);
    }

    private static void CheckCost(NanoDollars cost, string name, NanoDollars least)
    {
        if (cost < least || cost > GenerationRecord.MaxCost)
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"{name} is {cost} dollars; expected {least} to {GenerationRecord.MaxCost}."), nameof(cost));
    }
}
