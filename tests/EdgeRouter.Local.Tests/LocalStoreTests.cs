using EdgeRouter.Gateway.Configuration;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace EdgeRouter.Local.Tests;

public sealed class LocalStoreTests
{
    [Theory]
    [InlineData("Storage", "tables:UseDevelopmentStorage=true")]
    [InlineData("Storage", "file:")]
    [InlineData("Storage", "disk")]
    [InlineData("UsageQueue", "servicebus:x")]
    public void Store_that_this_host_has_not_is_refused_by_the_name_of_the_setting(string path, string value)
    {
        var settings = RouterSettings.Read(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("EdgeRouter:" + path, (string?)value)])
            .Build());

        Assert.Contains("EdgeRouter__" + path, Assert.Throws<SettingsException>(() => LocalStore.Open(settings)).Message, StringComparison.Ordinal);
    }
}
