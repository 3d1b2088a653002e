using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;

namespace EdgeRouter.Emulators.ServiceBus.Amqp;

/// <summary>The node <c>$cbs</c>: every token is good.</summary>
internal static class TokenNode
{
    public const string Address = "$cbs";

    public static AmqpMessage Answer(AmqpMessage request)
    {
        var answer = AmqpMessage.Create();
        answer.ApplicationProperties = new ApplicationProperties();
        answer.ApplicationProperties.Map["status-code"] = 202;
        answer.ApplicationProperties.Map["status-description"] = "Accepted";
        return answer;
    }
}
