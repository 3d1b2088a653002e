using System.Diagnostics.CodeAnalysis;
using EdgeRouter.Upstreams.Failures;

namespace EdgeRouter.Upstreams.Http;

/// <summary>The result of a step of a call: exactly one of a value and a failure.</summary>
/// <typeparam name="T">The value: <see cref="UpstreamAnswer"/> or <see cref="UpstreamBody"/>. The receiver disposes it.</typeparam>
public readonly struct UpstreamResult<T> where T : class
{
    private UpstreamResult(T? value, UpstreamFailure? failure)
    {
        Value = value;
        Failure = failure;
    }

    /// <summary>The value; null exactly when there is a failure.</summary>
    public T? Value { get; }

    /// <summary>The failure; null exactly when there is a value.</summary>
    public UpstreamFailure? Failure { get; }

    /// <summary>Takes the value out.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out UpstreamFailure? failure)
    {
        value = Value;
        failure = Failure;
        return value is not null;
    }

    /// <summary>Success.</summary>
    public static implicit operator UpstreamResult<T>(T value) => new(value, null);

    /// <summary>Failure.</summary>
    public static implicit operator UpstreamResult<T>(UpstreamFailure failure) => new(null, failure);
}
