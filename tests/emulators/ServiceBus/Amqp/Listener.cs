using System.Net;
using System.Net.Sockets;
using EdgeRouter.Emulators.ServiceBus.Faults;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Sasl;

namespace EdgeRouter.Emulators.ServiceBus.Amqp;

/// <summary>Listens on a loopback port that it keeps for itself also while it does not listen. One caller at a time.</summary>
internal sealed class Listener : IDisposable
{
    private const uint MaxFrameBytes = 64 * 1024;

    private static readonly uint IdleMilliseconds = (uint)TimeSpan.FromMinutes(4).TotalMilliseconds;
    private static readonly AmqpVersion Version = new(1, 0, 0);

    // Bound and never listening: connections are refused while nothing else listens, and no other process is given the port.
    private readonly Socket reservation = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly FaultSwitches faults;
    private readonly IRuntimeProvider provider;
    private AmqpConnectionListener? listener;

    /// <param name="port">The port; zero: any that is free.</param>
    /// <param name="faults">What goes wrong at present.</param>
    /// <param name="provider">Makes the broker's end of connections and links.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public Listener(int port, FaultSwitches faults, IRuntimeProvider provider)
    {
        this.faults = faults;
        this.provider = provider;
        reservation.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        reservation.Bind(new IPEndPoint(IPAddress.Loopback, port));
    }

    public int Port => ((IPEndPoint)reservation.LocalEndPoint!).Port;

    public void Start()
    {
        if (listener is not null) return;
        var settings = new AmqpSettings { RuntimeProvider = provider };
        var sasl = new SaslTransportProvider();
        sasl.AddHandler(new TokenSaslHandler(faults));
        sasl.Versions.Add(Version);
        settings.TransportProviders.Add(sasl);
        var connection = new AmqpConnectionSettings { ContainerId = "emulator", MaxFrameSize = MaxFrameBytes, IdleTimeOut = IdleMilliseconds };
        listener = new AmqpConnectionListener([$"amqp://127.0.0.1:{Port}"], settings, connection);
        listener.Open();
    }

    public void Stop()
    {
        listener?.Close();
        listener = null;
    }

    public void Dispose()
    {
        Stop();
        reservation.Dispose();
    }
}
