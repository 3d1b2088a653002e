using Azure.Identity;
using EdgeRouter.AzureAdapters.Identity;
using EdgeRouter.AzureAdapters.ServiceBus;
using Xunit;

namespace EdgeRouter.AzureAdapters.Tests.ServiceBus;

public sealed class ServiceBusConnectionTests
{
    [Fact]
    public void A_namespace_is_reached_with_the_identity_that_is_named()
    {
        const string ClientId = "00000000-0000-0000-0000-000000000001";
        var client = ServiceBusConnection.Create("servicebus:sb-one.servicebus.windows.net", ClientId);
        Assert.Equal("sb-one.servicebus.windows.net", client.FullyQualifiedNamespace);
        Assert.IsType<ManagedIdentityCredential>(RouterIdentity.Credential(ClientId));
    }

    [Fact]
    public void Without_a_client_id_whatever_identity_the_machine_has_will_do() =>
        Assert.IsType<DefaultAzureCredential>(RouterIdentity.Credential(null));

    [Fact]
    public void A_connection_string_needs_no_identity()
    {
        var client = ServiceBusConnection.Create("servicebus:Endpoint=sb://localhost;SharedAccessKeyName=a;SharedAccessKey=b;UseDevelopmentEmulator=true;",
            "ignored");
        Assert.Equal("localhost", client.FullyQualifiedNamespace);
    }

    [Fact]
    public void The_client_gives_up_before_the_queue_does()
    {
        var retry = ServiceBusConnection.Options().RetryOptions;
        Assert.True((retry.MaxRetries + 1) * retry.TryTimeout
            + retry.MaxRetries * retry.MaxDelay < new ServiceBusUsageQueueOptions { JournalFolder = "" }.SendTimeout);
    }

    [Theory]
    [InlineData("inprocess")]
    [InlineData("servicebus:")]
    [InlineData("servicebus:nodots")]
    [InlineData("servicebus:https://sb-one.servicebus.windows.net")]
    [InlineData("servicebus:SharedAccessKey=secret")]
    public void Anything_else_is_refused_naming_the_setting_and_quoting_nothing(string setting)
    {
        var error = Assert.Throws<FormatException>(() => ServiceBusConnection.Create(setting, null));
        Assert.StartsWith("EdgeRouter__UsageQueue: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }
}
