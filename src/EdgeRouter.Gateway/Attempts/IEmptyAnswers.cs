namespace EdgeRouter.Gateway.Attempts;

/// <summary>
/// Decides, for all attempts of a request, whether an answer without content and without a reason for it is the answer. Asked when the answer is there,
/// since attempts overlap. Thread-safe.
/// </summary>
internal interface IEmptyAnswers
{
    /// <summary>
    /// An attempt has such an answer. True: it is what the caller gets, because another endpoint gave the same, or no further one would be asked. False: the
    /// attempt has failed.
    /// </summary>
    bool TryAccept();
}
