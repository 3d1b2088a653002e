using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.OpenAIChat.Requests;

/// <summary>
/// A property of the canonical request, so that a member's declaration can both fill and write it. It can be set only while the request is being read,
/// before any other code sees it, through a delegate to its init accessor that is made once.
/// </summary>
internal sealed class OpenAIChatRequestProperty<T>
{
    private OpenAIChatRequestProperty(Func<ChatRequest, T> get, Action<ChatRequest, T> set)
    {
        Get = get;
        Set = set;
    }

    /// <summary>Its value.</summary>
    public Func<ChatRequest, T> Get { get; }

    /// <summary>Sets it in a request that no other code has seen.</summary>
    public Action<ChatRequest, T> Set { get; }

    /// <summary>A property of <see cref="ChatRequest"/>.</summary>
    public static OpenAIChatRequestProperty<T> Of(string name)
    {
        var property = typeof(ChatRequest).GetProperty(name)!;
        return new(property.GetMethod!.CreateDelegate<Func<ChatRequest, T>>(), property.SetMethod!.CreateDelegate<Action<ChatRequest, T>>());
    }

    /// <summary>A property of its <see cref="ChatRequest.Sampling"/>, which must not be shared.</summary>
    public static OpenAIChatRequestProperty<T> OfSampling(string name)
    {
        var property = typeof(SamplingParameters).GetProperty(name)!;
        var get = property.GetMethod!.CreateDelegate<Func<SamplingParameters, T>>();
        var set = property.SetMethod!.CreateDelegate<Action<SamplingParameters, T>>();
        return new(request => get(request.Sampling), (request, value) => set(request.Sampling, value));
    }
}
