using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Usage;

/// <summary>Limits the size of a record, because callers and providers choose some of its texts. Stateless.</summary>
internal static class GenerationRecordBounds
{
    /// <summary>
    /// The record with its texts and attempts cut to what its row keeps (<see cref="GenerationRecordTable"/>); the same one when nothing is too long.
    /// </summary>
    public static GenerationRecord Apply(GenerationRecord record) => MayBeTooLong(record) ? Cut(record) : record;

    private static bool MayBeTooLong(GenerationRecord record)
    {
        var length = Length(record.Id) + Length(record.Region) + Length(record.KeyHash) + Length(record.ApiType) + Length(record.RequestedModel)
            + Length(record.Model) + Length(record.ProviderSlug)
            + Length(record.ProviderName) + Length(record.EndpointId) + Length(record.UpstreamId) + Length(record.ErrorType) + Length(record.FinishReason)
                + Length(record.NativeFinishReason)
            + Length(record.ServiceTier) + Length(record.ExternalUser) + Length(record.SessionId) + Length(record.HttpReferer) + Length(record.AppTitle)
                + Length(record.UserAgent);
        for (var i = 0; i < record.Attempts.Count; i++)
            length += record.Attempts[i].EndpointId.Length + record.Attempts[i].ProviderName.Length + record.Attempts[i].Model.Length + record.Attempts[i]
                .Outcome.Length;
        return length > GenerationRecordTable.MaxText || record.Attempts.Count > GenerationRecordTable.MaxAttempts;
    }

    private static GenerationRecord Cut(GenerationRecord record) => record with
    {
        Id = GenerationRecordTable.Bounded(record.Id),
        Region = GenerationRecordTable.Bounded(record.Region),
        KeyHash = GenerationRecordTable.Bounded(record.KeyHash),
        ApiType = GenerationRecordTable.Bounded(record.ApiType),
        RequestedModel = GenerationRecordTable.Bounded(record.RequestedModel),
        Model = Bounded(record.Model),
        ProviderSlug = Bounded(record.ProviderSlug),
        ProviderName = Bounded(record.ProviderName),
        EndpointId = Bounded(record.EndpointId),
        UpstreamId = Bounded(record.UpstreamId),
        ErrorType = Bounded(record.ErrorType),
        FinishReason = Bounded(record.FinishReason),
        NativeFinishReason = Bounded(record.NativeFinishReason),
        ServiceTier = Bounded(record.ServiceTier),
        ExternalUser = Bounded(record.ExternalUser),
        SessionId = Bounded(record.SessionId),
        HttpReferer = Bounded(record.HttpReferer),
        AppTitle = Bounded(record.AppTitle),
        UserAgent = Bounded(record.UserAgent),
        Attempts = GenerationRecordTable.Bounded(record.Attempts),
    };

    private static string? Bounded(string? text) => text is null ? null : GenerationRecordTable.Bounded(text);

    private static int Length(string? text) => text?.Length ?? 0;
}
