using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EdgeRouter.Local.Tests;

/// <summary>A start that fails leaves nothing open, and says its own reason.</summary>
public sealed class LocalHostTests
{
    [Fact]
    public async Task Start_that_fails_while_it_reports_listens_no_longer()
    {
        await using var output = new BrokenOutput();

        var fault = await Assert.ThrowsAsync<IOException>(() => StartAsync(0, output, _ => { }));

        Assert.Equal("made to fail", fault.Message);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var refused = await Assert.ThrowsAsync<SocketException>(() => socket.ConnectAsync(IPAddress.Loopback, output.Port));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }

    [Fact]
    public async Task Start_on_a_port_that_is_taken_disposes_its_services()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var service = new Disposable();

        var fault = await Assert.ThrowsAsync<IOException>(() => StartAsync(((IPEndPoint)listener.LocalEndpoint).Port, TextWriter.Null,
            services => services.AddHostedService(_ => service)));

        Assert.Contains("address already in use", fault.Message, StringComparison.OrdinalIgnoreCase);
        Assert.True(service.IsDisposed);
    }

    private static Task<LocalHost> StartAsync(int port, TextWriter output, Action<IServiceCollection> configure)
    {
        var settings = new Dictionary<string, string?> { ["EdgeRouter:Storage"] = "memory", ["Logging:Console:LogLevel:Default"] = "None" };
        return LocalHost.StartAsync(new LocalOptions(port, "127.0.0.1", NewKeys: false), new ConfigurationBuilder().AddInMemoryCollection(settings).Build(),
            _ => null, output, configure);
    }

    private sealed class BrokenOutput : StringWriter
    {
        public int Port { get; private set; }

        public override Encoding Encoding => Encoding.UTF8;

        public override Task WriteLineAsync(string? value)
        {
            Port = new Uri(value!["listening on ".Length..]).Port;
            throw new IOException("made to fail");
        }
    }

    private sealed class Disposable : Microsoft.Extensions.Hosting.IHostedService, IDisposable
    {
        public bool IsDisposed { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose() => IsDisposed = true;
    }
}
