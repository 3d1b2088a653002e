using System.Buffers;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Dialects.Callers;

/// <summary>
/// How a caller API lets its clients count the tokens of a request without sending it. The gateway finds out the number; the API says where it is
/// asked and how the answer looks. Pure; thread-safe.
/// </summary>
public interface ITokenCounting
{
    /// <summary>Route patterns of its POST routes, as <see cref="ICallerApi.Paths"/>.</summary>
    IReadOnlyList<string> Paths { get; }

    /// <summary>Reads the request whose tokens are counted.</summary>
    /// <param name="head">The rest of the request.</param>
    /// <param name="body">The body. It stays unchanged until the answer is written.</param>
    /// <exception cref="RouterException">400 naming the member.</exception>
    CallerRequest Read(IRequestHead head, ReadOnlyMemory<byte> body);

    /// <summary>Writes the answer.</summary>
    void Write(long tokens, IBufferWriter<byte> output);
}
