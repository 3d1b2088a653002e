using System.Globalization;

namespace EdgeRouter.TestSupport.Emulator;

/// <summary>Azurite's table service on a free port of this machine. It dies with this process.</summary>
public sealed class AzuriteProcess : IAsyncDisposable
{
    private readonly NodeProcess node;

    private AzuriteProcess(NodeProcess node, int port)
    {
        this.node = node;
        Port = port;
    }

    public int Port { get; }

    public TimeSpan ProcessorTime => node.ProcessorTime;

    public string ConnectionString => ConnectionStringOn(Port);

    public static string ConnectionStringOn(int port) =>
        $"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;TableEndpoint=http://127.0.0.1:{port}/devstoreaccount1;"
        + "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <param name="location">Folder of its data.</param>
    /// <param name="options">More of its command line.</param>
    public static async Task<AzuriteProcess> StartAsync(string location, params string[] options)
    {
        var started = new NodeProcess(
            "host.cjs", ["--location", location, "--tableHost", "127.0.0.1", "--tablePort", "0", "--silent", "--skipApiVersionCheck", "--disableTelemetry",
                .. options]);
        try
        {
            return new AzuriteProcess(started, int.Parse(await started.WaitForLineAsync("port "), CultureInfo.InvariantCulture));
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it tidily: what it holds is then in its folder.</summary>
    public async Task StopAsync()
    {
        await node.Input.WriteLineAsync("stop");
        await node.Input.FlushAsync();
        await node.WaitForLineAsync("Azurite Table service successfully closed");
        await node.DisposeAsync();
    }

    public ValueTask DisposeAsync() => node.DisposeAsync();
}
