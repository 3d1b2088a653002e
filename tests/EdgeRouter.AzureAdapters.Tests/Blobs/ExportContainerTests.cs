using System.Net;
using EdgeRouter.AzureAdapters.Blobs;
using EdgeRouter.AzureAdapters.Tests.Identity;
using EdgeRouter.Core.Storage;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.AzureAdapters.Tests.Blobs;

/// <summary>Exported files as blobs of a private container, written with a token over TLS.</summary>
public sealed class ExportContainerTests(BlobAccount account) : IClassFixture<BlobAccount>
{
    [Fact]
    public async Task File_is_written_once_and_never_changed()
    {
        var container = await MakeAsync();
        var files = Open(container, "https://storage.azure.com");

        Assert.True(await files.TryWriteAsync("2026-11-20/manifest.json", "first"u8.ToArray()));
        Assert.False(await files.TryWriteAsync("2026-11-20/manifest.json", "second"u8.ToArray()));

        Assert.Equal("first", await ExportDownload.TextAsync(account.Client, container, "2026-11-20/manifest.json"));
    }

    [Theory]
    [InlineData("https://vault.azure.net")]
    [InlineData(null)]
    public async Task Token_for_something_else_or_none_writes_nothing_and_the_fault_names_no_token(string? audience)
    {
        var fault = await Assert.ThrowsAsync<StorageUnavailableException>(async () =>
            await Open(await MakeAsync(), audience).TryWriteAsync("2026-11-20/manifest.json", new byte[1]));

        Assert.Contains("export container cannot be written", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_that_is_busy_is_asked_again_and_given_up_after_four_tries()
    {
        var time = new VirtualTimeProvider();
        var busy = new Answers(time, HttpStatusCode.ServiceUnavailable, HttpStatusCode.InternalServerError, HttpStatusCode.Created);
        Assert.True(await new ExportContainer(BlobAccount.Endpoint, new HttpClient(busy), Tokens("https://storage.azure.com"), time)
            .TryWriteAsync("2026-11-20/a.gz", new byte[1]));

        var away = new Answers(time, null, null, null, null, HttpStatusCode.Created);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => new ExportContainer(BlobAccount.Endpoint, new HttpClient(away),
            Tokens("https://storage.azure.com"), time).TryWriteAsync("2026-11-20/a.gz", new byte[1]));
        Assert.Equal(4, away.Asked);
    }

    [Theory]
    [InlineData("blob:http://account.blob.core.windows.net/money")]
    [InlineData("blob:https://account.blob.core.windows.net/")]
    [InlineData("file:/exports")]
    [InlineData("https://account.blob.core.windows.net/money?sig=secret")]
    public void Setting_that_is_no_container_is_refused_without_quoting_it(string setting)
    {
        var fault = Assert.Throws<FormatException>(() => ExportContainer.Create(setting, null));

        Assert.StartsWith("EdgeRouter__Export__Target: expected blob:", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal);
    }

    internal static BlobTokens Tokens(string? audience) => new(() => new FixedCredential(audience is null ? null : FixedCredential.TokenFor(audience)));

    private ExportContainer Open(Uri container, string? audience) => new(container, account.Client, Tokens(audience), TimeProvider.System);

    private async Task<Uri> MakeAsync() => new(await account.MakeBlobAsync(null), ".");

    /// <summary>Answers one after the other; null: the line is cut. The waits before a further try are skipped.</summary>
    private sealed class Answers(VirtualTimeProvider time, params HttpStatusCode?[] statuses) : HttpMessageHandler
    {
        public int Asked { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var status = statuses[Asked++];
            if (Asked < statuses.Length) _ = Task.Run(() => SkipWait(cancellationToken), cancellationToken);
            return status is { } known ? Task.FromResult(new HttpResponseMessage(known)) : throw new HttpRequestException("The line is cut.");
        }

        private void SkipWait(CancellationToken cancellationToken)
        {
            while (time.PendingTimers == 0 && !cancellationToken.IsCancellationRequested) Thread.Yield();
            time.Advance(TimeSpan.FromMinutes(1));
        }
    }
}
