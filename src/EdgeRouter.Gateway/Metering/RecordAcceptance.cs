namespace EdgeRouter.Gateway.Metering;

/// <summary>
/// A host sets it on the HttpContext before it runs the pipeline, if it waits for the request's record by itself: after it has ended the answer, so that
/// the caller does not wait for the record. Without it the pipeline ends only when the record is accepted. Used by one request.
/// </summary>
public sealed class RecordAcceptance
{
    private Task accepted = Task.CompletedTask;

    /// <summary>
    /// To be awaited when the pipeline has ended. Completes when the record is accepted, or when there is none. Throws when it was not accepted in time,
    /// which is in the log then.
    /// </summary>
    public Task WaitAsync() => accepted;

    internal void Begin(Task handOver) => accepted = handOver;
}
