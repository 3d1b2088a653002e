using System.Text.RegularExpressions;
using System.Xml;
using EdgeRouter.Emulators.ServiceBus.Queues;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.Emulators.Tests.ServiceBus;

public sealed partial class QueueOptionsTests
{
    [Fact]
    public void Defaults_are_those_of_the_queue_that_is_deployed()
    {
        var deployed = QueueProperty().Matches(File.ReadAllText(RepositoryRoot.Of("infra", "modules", "service-bus.bicep")))
            .ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value);
        var emulated = new QueueOptions();
        Assert.Equal(XmlConvert.ToTimeSpan(deployed["lockDuration"]), emulated.LockDuration);
        Assert.Equal(XmlConvert.ToInt32(deployed["maxDeliveryCount"]), emulated.MaxDeliveryCount);
        Assert.Equal(XmlConvert.ToTimeSpan(deployed["duplicateDetectionHistoryTimeWindow"]), emulated.DuplicateDetectionWindow);
    }

    [GeneratedRegex(@"^\s*(?<name>lockDuration|maxDeliveryCount|duplicateDetectionHistoryTimeWindow): '?(?<value>\w+)'?",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex QueueProperty();
}
