using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;
using Microsoft.Azure.Amqp.Sasl;
using Microsoft.Azure.Amqp.Transport;
using Xunit;

namespace EdgeRouter.Emulators.Tests.ServiceBus;

/// <summary>The client checks sizes itself, so that only a bare AMQP link can break the broker's own limit.</summary>
public sealed class OversizeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_delivery_over_the_limit_closes_the_link_with_the_condition_of_the_service()
    {
        await using var bus = new BusUnderTest();
        var connection = await ConnectAsync(bus.Emulator.Port);
        var session = connection.CreateSession(new AmqpSessionSettings());
        await session.OpenAsync(Limit);
        var link = new SendingAmqpLink(session, new AmqpLinkSettings
        {
            LinkName = "large",
            Role = false,
            Source = new Source(),
            Target = new Target { Address = "/usage" },
        });
        await link.OpenAsync(Limit);
        Assert.Equal(256UL * 1024, link.Settings.MaxMessageSize);

        Assert.Equal(Accepted.Code, (await SendAsync(link, 1, 255 * 1024)).DescriptorCode);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SendAsync(link, 2, 257 * 1024));
        Assert.Equal("amqp:link:message-size-exceeded", Assert.IsType<AmqpException>(link.TerminalException).Error.Condition.Value);
        Assert.Equal(1, bus.Queue.Count);
        connection.Abort();
    }

    private static Task<Outcome> SendAsync(SendingAmqpLink link, byte tag, int bytes) =>
        link.SendMessageAsync(AmqpMessage.Create(new Data { Value = new ArraySegment<byte>(new byte[bytes]) }), new ArraySegment<byte>([tag]),
            AmqpConstants.NullBinary, Limit);

    private static async Task<AmqpConnection> ConnectAsync(int port)
    {
        var settings = new AmqpSettings();
        var sasl = new SaslTransportProvider();
        sasl.AddHandler(new SaslAnonymousHandler("MSSBCBS"));
        sasl.Versions.Add(new AmqpVersion(1, 0, 0));
        var amqp = new AmqpTransportProvider();
        amqp.Versions.Add(new AmqpVersion(1, 0, 0));
        settings.TransportProviders.Add(sasl);
        settings.TransportProviders.Add(amqp);
        var tcp = new TcpTransportSettings { Host = "127.0.0.1", Port = port };
        var transport = await new AmqpTransportInitiator(settings, tcp).ConnectAsync(CancellationToken.None).WaitAsync(Limit);
        var connection = new AmqpConnection(transport, settings, new AmqpConnectionSettings { ContainerId = "test", HostName = "127.0.0.1" });
        await connection.OpenAsync(Limit);
        return connection;
    }
}
