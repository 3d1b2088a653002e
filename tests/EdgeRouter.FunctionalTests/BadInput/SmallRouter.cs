using Xunit;

namespace EdgeRouter.FunctionalTests.BadInput;

/// <summary>One router for all tests of a class that leave nothing behind: the scripted provider, bodies up to 11 MB.</summary>
public sealed class SmallRouter : IAsyncLifetime
{
    public const int MaxBodyBytes = 11 * 1024 * 1024;

    internal RouterUnderTest Router { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Router = await RouterUnderTest.StartAsync(null, ("Limits:MaxBodyBytes", $"{MaxBodyBytes}"));

    public ValueTask DisposeAsync() => Router.DisposeAsync();
}
