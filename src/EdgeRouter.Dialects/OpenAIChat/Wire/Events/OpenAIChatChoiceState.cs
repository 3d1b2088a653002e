using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIChat.Wire.Events;

/// <summary>The state of one choice of a stream: whether it began, whether it ended, and which tool call is which.</summary>
internal sealed class OpenAIChatChoiceState
{
    private const int MaxCalls = 1024;
    private const int MaxIdBytes = 64 * 1024;
    private List<Call>? calls;
    private int current = -1;

    /// <summary>Whether the choice's turn was opened.</summary>
    public bool Started { get; set; }

    /// <summary>Whether its finish reason was sent.</summary>
    public bool Finished { get; set; }

    /// <summary>Whether it called a tool.</summary>
    public bool CalledTool => calls is not null;

    /// <summary>
    /// Finds which call a piece belongs to. Providers number calls wrongly (all 0), not at all, repeat id and name with every piece, or change the id
    /// between pieces, hence: a piece with a name and an id not yet seen begins a call, as does one with a new number; without a number, an id or a
    /// name begins or finds the call; otherwise it continues the last one.
    /// </summary>
    /// <exception cref="UpstreamFormatException">There is no call to continue, or there are too many.</exception>
    public int Find(int? providerIndex, ReadOnlySpan<byte> id, bool hasName, out bool isNew)
    {
        isNew = false;
        var known = id.IsEmpty ? -1 : FindId(id);
        if (providerIndex is { } number)
        {
            var numbered = FindNumber(number);
            var isOther = numbered >= 0 && !id.IsEmpty && hasName && calls![numbered].Id is { } numberedId && !id.SequenceEqual(numberedId);
            current = isOther ? known : numbered;
        }
        else if (!id.IsEmpty) current = known;
        else if (hasName) current = -1;
        else if (current < 0) throw new UpstreamFormatException("A piece of a tool call came before the call's beginning.");
        if (current >= 0) return current;
        isNew = true;
        return Begin(providerIndex, id);
    }

    /// <summary>Begins a call. In a whole answer every entry is one, whatever its number and id.</summary>
    /// <exception cref="UpstreamFormatException">There are too many, or the id is too long.</exception>
    public int Begin(int? providerIndex, ReadOnlySpan<byte> id)
    {
        calls ??= [];
        if (calls.Count == MaxCalls) throw new UpstreamFormatException($"More than {MaxCalls} tool calls in one choice.");
        if (id.Length > MaxIdBytes) throw new UpstreamFormatException($"A tool call's id is longer than {MaxIdBytes} bytes.");
        current = calls.Count;
        calls.Add(new Call(providerIndex, id.IsEmpty ? null : id.ToArray()));
        return current;
    }

    /// <summary>Notes that the call has its name. False: it had one already.</summary>
    public bool TryName(int call)
    {
        if (calls![call].Named) return false;
        return calls[call].Named = true;
    }

    private int FindId(ReadOnlySpan<byte> id)
    {
        for (var i = 0; i < (calls?.Count ?? 0); i++)
            if (calls![i].Id is { } other && id.SequenceEqual(other)) return i;
        return -1;
    }

    /// <summary>The last one counts: where several calls have one number, pieces belong to the newest.</summary>
    private int FindNumber(int number)
    {
        for (var i = (calls?.Count ?? 0) - 1; i >= 0; i--)
            if (calls![i].ProviderIndex == number) return i;
        return -1;
    }

    private sealed class Call(int? providerIndex, byte[]? id)
    {
        public int? ProviderIndex { get; } = providerIndex;

        public byte[]? Id { get; } = id;

        public bool Named { get; set; }
    }
}
