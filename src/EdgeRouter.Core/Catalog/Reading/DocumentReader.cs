using System.Text.Json;

namespace EdgeRouter.Core.Catalog.Reading;

/// <summary>Reads catalog documents: providers first (they decide which rows are kept), then models. Faults go to the error list.</summary>
internal sealed class DocumentReader(ErrorList errors, ProviderFormats formats)
{
    private readonly StringPool strings = new();
    private readonly HashSet<CatalogDocument> unreadable = [];

    public List<ProviderDefinition> ReadProviders(CatalogDocument document)
    {
        var rows = new List<ProviderDefinition>();
        Walk(document, (ref JsonCursor json, string member) =>
        {
            if (member == "providers") rows.AddRange(ProviderReader.Read(ref json, formats));
            else if (member == "models") json.Skip();
            else json.UnknownMember("providers, models");
        });
        return rows;
    }

    /// <summary>Reads the models of a document whose providers were read (and its outer members checked) before.</summary>
    public void ReadModels(CatalogDocument document, ModelReader reader) => Walk(document, (ref JsonCursor json, string member) =>
    {
        if (member == "models") reader.Read(ref json);
        else json.Skip();
    });

    private delegate void MemberVisitor(ref JsonCursor json, string member);

    private void Walk(CatalogDocument document, MemberVisitor visit)
    {
        if (unreadable.Contains(document)) return; // reported the first time
        var bytes = document.Json.Span;
        if (bytes.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        var json = new JsonCursor(bytes, document.Name, errors, strings);
        try
        {
            json.Start();
            if (!json.BeginObject())
            {
                unreadable.Add(document);
                return;
            }
            while (json.NextMember() is { } member) visit(ref json, member);
            json.End();
        }
        catch (JsonException fault)
        {
            unreadable.Add(document);
            errors.Add(document.Name, "", $"expected JSON: {fault.Message}");
        }
    }
}
