using System.Globalization;

namespace EdgeRouter.EmbeddedStore.Rows;

/// <summary>
/// Numbers that are ETags. None is given twice, in any process: the high bits are the number of the session, which the file counts, the low ones
/// count in the session.
/// </summary>
internal static class RowVersion
{
    private const int BitsInSession = 36;

    /// <summary>The number before the first one of a session.</summary>
    public static long Before(long session) => session << BitsInSession;

    public static string ToETag(long version) => version.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>The version that an ETag names; -1, which no row has: not an ETag of this store.</summary>
    public static long Parse(string etag) =>
        long.TryParse(etag, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var version) ? version : -1;
}
