using System.Text.Json;
using EdgeRouter.Core.Conversation;
using Keys = EdgeRouter.Dialects.Gemini.Caller.Requests.GeminiKeys;

namespace EdgeRouter.Dialects.Gemini.Caller.Requests.Reading;

/// <summary>
/// Reads <c>systemInstruction</c> and <c>contents</c>. Results of functions are turns of their own in the content model: a user's content becomes as many turns
/// as it takes to keep the order of its parts. Contents of the model in a row are one turn, since clients return a stream in pieces. Not thread-safe.
/// </summary>
/// <param name="origins">Receives, for each turn, where its parts stand in the body.</param>
internal sealed class GeminiTurnReader(List<List<GeminiOrigin>> origins)
{
    private readonly List<ChatMessage> turns = [];
    private readonly GeminiCallIds ids = new();
    private GeminiModelTurn? open;

    /// <summary>Reads all turns.</summary>
    /// <exception cref="Core.Errors.RouterException">400: a result belongs to no call.</exception>
    public IReadOnlyList<ChatMessage> Read(JsonElement? system, JsonElement? contents)
    {
        if (system is { } instructions) AddInstructions(instructions);
        var index = 0;
        foreach (var content in contents.Items())
        {
            var parts = content.Member(Keys.Parts).Items();
            if (content.Text(Keys.Role) == "model") ReadModel(parts, index++);
            else ReadUser(parts, index++);
        }
        EndModel();
        return turns;
    }

    private void AddInstructions(JsonElement instructions)
    {
        if (instructions.ValueKind == JsonValueKind.String)
        {
            Add(ChatRole.System, [new TextPart(instructions.GetString()!)], [new GeminiOrigin(GeminiOrigin.System, null)]);
            return;
        }
        var (parts, places) = (new List<ContentPart>(), new List<GeminiOrigin>());
        foreach (var part in instructions.Member(Keys.Parts).Items())
        {
            places.Add(new GeminiOrigin(GeminiOrigin.System, parts.Count));
            parts.Add(new TextPart(part.Text(Keys.Text)!));
        }
        Add(ChatRole.System, parts, places);
    }

    private void ReadModel(IReadOnlyList<JsonElement> parts, int index)
    {
        if (open is null)
        {
            open = new GeminiModelTurn();
            ids.BeginTurn();
        }
        for (var i = 0; i < parts.Count; i++) open.Add(parts[i], ids, new GeminiOrigin(index, i));
    }

    private void ReadUser(IReadOnlyList<JsonElement> given, int index)
    {
        EndModel();
        var (parts, places) = (new List<ContentPart>(given.Count), new List<GeminiOrigin>(given.Count));
        for (var i = 0; i < given.Count; i++)
        {
            var origin = new GeminiOrigin(index, i);
            if (GeminiUserParts.Read(given[i], ids, origin) is not { } part) continue;
            if (parts.Count > 0 && part is ToolResultPart != parts[^1] is ToolResultPart)
            {
                AddUser(parts, places);
                (parts, places) = ([], []);
            }
            parts.Add(part);
            places.Add(origin);
        }
        if (parts.Count > 0) AddUser(parts, places);
    }

    private void AddUser(List<ContentPart> parts, List<GeminiOrigin> places) =>
        Add(parts is [ToolResultPart, ..] ? ChatRole.Tool : ChatRole.User, parts, places);

    private void EndModel()
    {
        if (open is null) return;
        open.End();
        Add(ChatRole.Assistant, open.Parts, open.Places);
        open = null;
    }

    private void Add(ChatRole role, IReadOnlyList<ContentPart> parts, List<GeminiOrigin> places)
    {
        turns.Add(new ChatMessage { Role = role, Content = parts });
        origins.Add(places);
    }
}
