namespace EdgeRouter.Upstreams.Media;

/// <summary>
/// Slots for fetches, shared by all requests of the process. One caller has at most half of them while another one has or waits for some, and all of them
/// otherwise. Those who wait get theirs in the order in which they came. Thread-safe.
/// </summary>
/// <param name="most">Fetches at once.</param>
internal sealed class FetchSlots(int most)
{
    private readonly int half = Math.Max(1, most / 2);
    private readonly Lock gate = new();
    private readonly Dictionary<string, Share> shares = new(StringComparer.Ordinal);
    private readonly LinkedList<Waiter> waiting = new();
    private int free = most;

    /// <summary>Waits for a slot; every one is given back by <see cref="Leave"/>.</summary>
    /// <param name="callerId">Id of the caller.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled: there is no slot to give back.</exception>
    public ValueTask EnterAsync(string callerId, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled(cancellationToken);
        Waiter waiter;
        lock (gate)
        {
            if (!shares.TryGetValue(callerId, out var share)) shares.Add(callerId, share = new Share(callerId));
            if (MayTakeNeedsLock(share))
            {
                TakeNeedsLock(share);
                return ValueTask.CompletedTask;
            }
            share.Waiting++;
            waiter = new Waiter(this, share);
            waiting.AddLast(waiter.Node);
        }
        return WaitAsync(waiter, cancellationToken);
    }

    /// <summary>Gives a slot back.</summary>
    public void Leave(string callerId)
    {
        lock (gate)
        {
            var share = shares[callerId];
            share.Slots--;
            free++;
            ForgetNeedsLock(share);
            PassOnNeedsLock();
        }
    }

    private static async ValueTask WaitAsync(Waiter waiter, CancellationToken cancellationToken)
    {
        using var leaving = cancellationToken.UnsafeRegister(static (state, token) => ((Waiter)state!).GiveUp(token), waiter);
        await waiter.Task.ConfigureAwait(false);
    }

    /// <summary>The callers that are known are those who have a slot or wait for one.</summary>
    private bool MayTakeNeedsLock(Share share) => free > 0 && (shares.Count == 1 || share.Slots < half);

    private void TakeNeedsLock(Share share)
    {
        share.Slots++;
        free--;
    }

    private void ForgetNeedsLock(Share share)
    {
        if (share.Slots + share.Waiting == 0) shares.Remove(share.CallerId);
    }

    private void PassOnNeedsLock()
    {
        for (var node = waiting.First; node is not null && free > 0;)
        {
            var (waiter, next) = (node.Value, node.Next);
            if (MayTakeNeedsLock(waiter.Share))
            {
                waiting.Remove(node);
                waiter.Share.Waiting--;
                TakeNeedsLock(waiter.Share);
                waiter.TrySetResult();
            }
            node = next;
        }
    }

    private bool TryRemove(Waiter waiter)
    {
        lock (gate)
        {
            if (waiter.Node.List is null) return false;
            waiting.Remove(waiter.Node);
            waiter.Share.Waiting--;
            ForgetNeedsLock(waiter.Share);
            // Another caller may be the only one now.
            PassOnNeedsLock();
            return true;
        }
    }

    private sealed class Share(string callerId)
    {
        public string CallerId => callerId;

        public int Slots { get; set; }

        public int Waiting { get; set; }
    }

    private sealed class Waiter : TaskCompletionSource
    {
        private readonly FetchSlots slots;

        public Waiter(FetchSlots slots, Share share)
            : base(TaskCreationOptions.RunContinuationsAsynchronously)
        {
            this.slots = slots;
            Share = share;
            Node = new LinkedListNode<Waiter>(this);
        }

        public Share Share { get; }

        public LinkedListNode<Waiter> Node { get; }

        /// <summary>Ends the wait, unless it has its slot already.</summary>
        public void GiveUp(CancellationToken token)
        {
            if (slots.TryRemove(this)) TrySetCanceled(token);
        }
    }
}
