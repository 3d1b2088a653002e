using System.Text;

namespace EdgeRouter.Core.Catalog.Building;

/// <summary>Base URLs of providers: placeholders filled, scheme checked.</summary>
internal static class BaseUrl
{
    /// <summary>
    /// Replaces <c>{name}</c>. A value may hold only letters, digits, <c>.</c>, <c>-</c> and <c>_</c>: it must not be able to change the host's
    /// meaning.
    /// </summary>
    /// <param name="template">Text with placeholders.</param>
    /// <param name="valueOf">Gives a placeholder's value; null: none.</param>
    /// <param name="fault">What is wrong; null when the result is usable.</param>
    public static string? Fill(string template, Func<string, string?> valueOf, out string? fault)
    {
        var text = new StringBuilder();
        var rest = template.AsSpan();
        fault = null;
        while (rest.IndexOf('{') is >= 0 and var open)
        {
            text.Append(rest[..open]);
            rest = rest[(open + 1)..];
            var close = rest.IndexOf('}');
            if (close <= 0)
            {
                fault = "expected a closed placeholder such as {resource}";
                return null;
            }
            var name = rest[..close].ToString();
            if (valueOf(name) is not { Length: > 0 } value)
            {
                fault = $"expected a value for {{{name}}}: set Variables:{name}";
                return null;
            }
            if (value.AsSpan().ContainsAnyExcept(PlainCharacters))
            {
                fault = $"expected only letters, digits, '.', '-' and '_' in the value of {{{name}}}";
                return null;
            }
            text.Append(value);
            rest = rest[(close + 1)..];
        }
        return text.Append(rest).ToString();
    }

    /// <summary>Checks that the URL is absolute https, or plain http where that is allowed.</summary>
    public static Uri? Parse(string url, bool allowPlainHttp, out string? fault)
    {
        fault = null;
        if (!Uri.TryCreate(url.TrimEnd('/'), UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp))
            fault = "expected an absolute https URL";
        else if (uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
            fault = "expected a URL without user, query or fragment";
        else if (uri.Scheme == Uri.UriSchemeHttp && !uri.IsLoopback && !allowPlainHttp)
            fault = "expected https: plain http is allowed on loopback only (or with EdgeRouter__Upstreams__AllowPlainHttp=true)";
        return fault is null ? uri : null;
    }

    private static readonly System.Buffers.SearchValues<char> PlainCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_");
}
