namespace EdgeRouter.Dialects.Gemini.Wire;

/// <summary>Where a part stands in the caller's request; text only when an error needs it.</summary>
internal readonly record struct GeminiFieldPath(int Message, string List, int Index)
{
    public override string ToString() => $"messages[{Message}].{List}[{Index}]";
}
