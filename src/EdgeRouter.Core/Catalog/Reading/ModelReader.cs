namespace EdgeRouter.Core.Catalog.Reading;

/// <summary>Reads <c>models</c> of one document and merges them over earlier documents.</summary>
/// <param name="providers">All providers, by slug.</param>
/// <param name="serves">Whether endpoints of the slug are kept; rows of the others are checked and dropped, so that they cost no memory.</param>
/// <param name="models">The models so far, by id.</param>
internal sealed class ModelReader(IReadOnlyDictionary<string, ProviderDefinition> providers, Func<string, bool> serves, Dictionary<string, ModelDraft> models)
{
    private const string Members = "id, canonical_slug, name, description, created, context_length, input_modalities, output_modalities, hugging_face_id, "
        + "knowledge_cutoff, distillable, source, source_date, aliases, endpoints";
    private readonly HashSet<string> idsOfDocument = [];
    private readonly HashSet<string> tagsOfModel = [];

    public void Read(ref JsonCursor json)
    {
        idsOfDocument.Clear();
        if (!json.BeginArray()) return;
        while (json.NextElement()) ReadModel(ref json);
    }

    private void ReadModel(ref JsonCursor json)
    {
        if (json.Peek("id"u8) is not { } id || !CatalogVocabulary.IsModelId(id))
        {
            json.Report("expected author/slug in lower case letters, digits, '.', '-', '_' and ':'", "id");
            json.Skip();
            return;
        }
        if (!idsOfDocument.Add(id)) json.Report($"expected each model once in a file; {id} occurs twice", "id");
        if (!models.TryGetValue(id, out var model)) models.Add(id, model = new ModelDraft(id));
        if (!json.BeginObject()) return;
        while (json.NextMember() is { } name)
        {
            if (json.IsNull) continue;
            switch (name)
            {
                case "id": break;
                case "canonical_slug": model.CanonicalSlug = json.Checked(CatalogVocabulary.IsModelId, "author/slug"); break;
                case "name": model.Name = json.Text(); break;
                case "description": model.Description = json.Text(10_000); break;
                case "created": model.Created = json.Integer(0, 99_999_999_999); break;
                case "context_length": model.ContextLength = json.Integer(1, 1_000_000_000); break;
                case "input_modalities": model.InputModalities = json.ListOf(CatalogVocabulary.InputModalities); break;
                case "output_modalities": model.OutputModalities = json.ListOf(CatalogVocabulary.OutputModalities); break;
                case "hugging_face_id": model.HuggingFaceId = json.Text(); break;
                case "knowledge_cutoff": model.KnowledgeCutoff = json.Date(); break;
                case "distillable": model.Distillable = json.Boolean(); break;
                case "source": model.Source = json.Text(); break;
                case "source_date": model.SourceDate = json.Date(); break;
                case "aliases": model.Aliases = json.Texts(); break;
                case "endpoints": ReadEndpoints(ref json, model); break;
                default: json.UnknownMember(Members); break;
            }
        }
    }

    private void ReadEndpoints(ref JsonCursor json, ModelDraft model)
    {
        tagsOfModel.Clear();
        if (!json.BeginArray()) return;
        while (json.NextElement())
        {
            var row = EndpointReader.Read(ref json, providers);
            if (row is null) continue;
            if (!tagsOfModel.Add(row.Tag)) json.Report($"expected a unique tag within the model; '{row.Tag}' occurs twice", "tag");
            if (serves(row.Provider)) model.Put(row);
            else model.Drop(row);
        }
    }
}
