using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace EdgeRouter.Soak;

/// <summary>A caller with one connection: one request after the other, until the router is gone or time is over.</summary>
internal sealed class Caller(RouterProcess router, int life, int number, Random random, Action<Ask> note)
{
    private const string Path = "/api/v1/chat/completions";
    private const int LongestPauseMs = 100;

    private static readonly (AskKind Kind, int Weight)[] Mix =
    [
        (AskKind.Whole, 340), (AskKind.Stream, 340), (AskKind.LeaveStream, 80), (AskKind.LeaveWhole, 20), (AskKind.StallReading, 3), (AskKind.ResetBefore, 40),
        (AskKind.ResetMidway, 40), (AskKind.StallMidway, 15), (AskKind.Error500, 40), (AskKind.Error429, 20), (AskKind.Malformed, 20), (AskKind.NotJson, 20),
        (AskKind.UnknownModel, 20),
    ];

    private Ask? unsafeYet;

    public async Task RunAsync(CancellationToken stop)
    {
        using var client = router.CreateClient();
        for (var count = 0; !stop.IsCancellationRequested && !router.HasExited; count++)
        {
            var ask = new Ask($"{life}-{number}-{count}", life, Pick());
            note(ask);
            try
            {
                if (ask.Kind == AskKind.StallReading) await StallAsync(ask);
                else await AskAsync(client, ask);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException or SocketException)
            {
                // The caller left on purpose, or the router broke the answer off, or is gone. The next connection tells nothing about this one.
                unsafeYet = null;
            }
            await Task.Delay(random.Next(LongestPauseMs), CancellationToken.None);
        }
    }

    private async Task AskAsync(HttpClient client, Ask ask)
    {
        using var leaving = new CancellationTokenSource();
        if (ask.Kind == AskKind.LeaveWhole) leaving.CancelAfter(random.Next(50, 1000));
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = ContentOf(ask) };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leaving.Token);
        if (unsafeYet is not null) unsafeYet.Safe = true;
        unsafeYet = null;
        ask.GenerationId = response.Headers.GetValues("X-Generation-Id").Single();
        if (ask.Kind == AskKind.LeaveStream)
        {
            await using var stream = await response.Content.ReadAsStreamAsync();
            _ = await stream.ReadAsync(new byte[random.Next(1, 2000)]);
            return;
        }
        await response.Content.ReadAsByteArrayAsync(leaving.Token);
        ask.Ended = true;
        // The last bytes of a stream are sent when its record is kept.
        if (response.Content.Headers.ContentType?.MediaType == "text/event-stream") ask.Safe = true;
        else unsafeYet = ask;
    }

    private async Task StallAsync(Ask ask)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(router.Address.Host, router.Address.Port);
        var head = $"POST {Path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {RouterProcess.InferenceKey}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {ask.Body.Length}\r\n\r\n";
        await socket.SendAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. ask.Body]);
        await Task.Delay(random.Next(3000, 6000));
    }

    private static ByteArrayContent ContentOf(Ask ask) =>
        new(ask.Body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private AskKind Pick()
    {
        var left = random.Next(Mix.Sum(part => part.Weight));
        foreach (var (kind, weight) in Mix)
            if ((left -= weight) < 0) return kind;
        return AskKind.Whole;
    }
}
