using System.Globalization;

namespace EdgeRouter.Local;

/// <summary>The command line of the local host.</summary>
/// <param name="Port">Port to listen on; 0: any free port.</param>
/// <param name="Address">Address to listen on.</param>
/// <param name="NewKeys">Whether to replace keys generated at an earlier start.</param>
internal sealed record LocalOptions(int Port, string Address, bool NewKeys)
{
    public const string Usage = "usage: EdgeRouter.Local [--port N] [--address IP] [--new-keys]";

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">It does not match <see cref="Usage"/>.</exception>
    public static LocalOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new LocalOptions(8080, "127.0.0.1", NewKeys: false);
        for (var i = 0; i < arguments.Count; i++)
        {
            options = arguments[i] switch
            {
                "--port" => options with { Port = ParsePort(Value(ref i)) },
                "--address" => options with { Address = Value(ref i) },
                "--new-keys" => options with { NewKeys = true },
                _ => throw new FormatException($"Unknown argument '{arguments[i]}'. {Usage}"),
            };
        }
        return options;

        string Value(ref int i) => ++i < arguments.Count ? arguments[i] : throw new FormatException($"{arguments[i - 1]} needs a value. {Usage}");
    }

    private static int ParsePort(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
        ? port
        : throw new FormatException($"--port: expected a number from 0 to 65535. {Usage}");
}
