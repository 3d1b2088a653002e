using System.Text;
using EdgeRouter.Upstreams.Failures;

namespace EdgeRouter.Upstreams.Http;

/// <summary>Reads the body of an error within bounds; the status alone already shows that the attempt failed.</summary>
internal static class ErrorBody
{
    /// <summary>
    /// Reads at most <see cref="UpstreamOptions.MaxErrorBodyBytes"/> within <see cref="UpstreamOptions.ErrorBodyTimeout"/>; a network failure ends
    /// the read, and what arrived is reported.
    /// </summary>
    public static async ValueTask<UpstreamBody> ReadAsync(HttpResponseMessage response, UpstreamOptions options, TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        var body = new UpstreamBody(0);
        using var deadline = new RequestDeadline(options.ErrorBodyTimeout, timeProvider);
        using var following = deadline.Follow(cancellationToken);
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(deadline.Token).ConfigureAwait(false);
            while (body.Memory.Length < options.MaxErrorBodyBytes)
            {
                var space = body.GetSpace();
                var read = await stream.ReadAsync(space[..Math.Min(space.Length, options.MaxErrorBodyBytes - body.Memory.Length)], deadline.Token)
                    .ConfigureAwait(false);
                if (read == 0) break;
                body.Advance(read);
            }
        }
        catch (Exception exception) when (TransportFailures.IsTransport(exception))
        {
            // What arrived before the failure is the error's text.
        }
        return body;
    }

    /// <summary>The start of a body as text; null when it is empty.</summary>
    public static string? ToText(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty) return null;
        // A character has at most 4 bytes.
        return UpstreamFailure.Bound(Encoding.UTF8.GetString(body[..Math.Min(body.Length, UpstreamFailure.MaxTextLength * 4)]));
    }

    /// <summary>The type of an error that a header names, without the address that may follow it; null: it does not.</summary>
    public static string? TypeOf(HttpResponseMessage response, string header)
    {
        if (!response.Headers.NonValidated.TryGetValues(header, out var values)) return null;
        var text = values.ToString();
        var end = text.IndexOf(':', StringComparison.Ordinal);
        return UpstreamFailure.Bound(end < 0 ? text : text[..end]);
    }
}
