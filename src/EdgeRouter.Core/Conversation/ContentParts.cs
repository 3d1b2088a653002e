namespace EdgeRouter.Core.Conversation;

/// <summary>Questions that several wires ask about a list of parts. None allocates, except a joined text of more than one part.</summary>
public static class ContentParts
{
    /// <summary>The parts of one type, in order.</summary>
    public static PartsOf<TPart> Of<TPart>(this IReadOnlyList<ContentPart> content)
        where TPart : ContentPart => new(content);

    /// <summary>Whether there is a part of the type.</summary>
    public static bool Has<TPart>(this IReadOnlyList<ContentPart> content)
        where TPart : ContentPart
    {
        for (var i = 0; i < content.Count; i++)
            if (content[i] is TPart) return true;
        return false;
    }

    /// <summary>Number of parts of the type before <paramref name="end"/>.</summary>
    public static int Count<TPart>(this IReadOnlyList<ContentPart> content, int end)
        where TPart : ContentPart
    {
        var count = 0;
        for (var i = 0; i < end; i++)
            if (content[i] is TPart) count++;
        return count;
    }

    /// <summary>All text as one; null: there is no text part.</summary>
    public static string? JoinText(this IReadOnlyList<ContentPart> content)
    {
        var text = default(JoinedText);
        foreach (var part in content.Of<TextPart>()) text.Add(part.Text);
        return text.Value;
    }
}

/// <summary>The parts of one type, enumerated without allocating.</summary>
/// <typeparam name="TPart">The type.</typeparam>
public readonly struct PartsOf<TPart>(IReadOnlyList<ContentPart> content)
    where TPart : ContentPart
{
    /// <summary>For <c>foreach</c>.</summary>
    public Enumerator GetEnumerator() => new(content);

    /// <summary>Walks over the parts.</summary>
    public struct Enumerator(IReadOnlyList<ContentPart> content)
    {
        private int position = -1;

        /// <summary>The current part.</summary>
        public readonly TPart Current => (TPart)content[position];

        /// <summary>Goes to the next part of the type; false: there is none.</summary>
        public bool MoveNext()
        {
            while (++position < content.Count)
                if (content[position] is TPart) return true;
            return false;
        }
    }
}
