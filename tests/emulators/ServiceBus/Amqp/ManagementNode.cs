using EdgeRouter.Emulators.ServiceBus.Queues;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;
using Microsoft.Azure.Amqp.Framing;

namespace EdgeRouter.Emulators.ServiceBus.Amqp;

/// <summary>The node <c>$management</c> of a queue: renews locks, settles by lock token and peeks.</summary>
internal static class ManagementNode
{
    public const string Suffix = "/$management";

    private static readonly MapKey LockTokens = new("lock-tokens");
    private static readonly MapKey Expirations = new("expirations");
    private static readonly MapKey Status = new("disposition-status");
    private static readonly MapKey Reason = new("deadletter-reason");
    private static readonly MapKey Description = new("deadletter-description");
    private static readonly MapKey Changes = new("properties-to-modify");
    private static readonly MapKey From = new("from-sequence-number");
    private static readonly MapKey Count = new("message-count");
    private static readonly MapKey Message = new("message");
    private static readonly MapKey Messages = new("messages");

    public static AmqpMessage Answer(EmulatedQueue queue, AmqpMessage request)
    {
        var body = request.ValueBody?.Value as AmqpMap ?? [];
        return request.ApplicationProperties?.Map["operation"] switch
        {
            "com.microsoft:renew-lock" => Renew(queue, body),
            "com.microsoft:update-disposition" => Settle(queue, body),
            "com.microsoft:peek-message" => Peek(queue, body),
            var other => Failure(501, AmqpErrorCode.NotImplemented, $"The emulator has no operation {other}."),
        };
    }

    private static AmqpMessage Renew(EmulatedQueue queue, AmqpMap body)
    {
        var until = Tokens(body).Select(queue.TryRenew).ToArray();
        if (Array.Exists(until, end => end is null)) return Failure(410, ServiceBusErrors.MessageLockLost, ServiceBusErrors.LockLostText);
        return Success(new AmqpMap { [Expirations] = until.Select(end => end!.Value.UtcDateTime).ToArray() });
    }

    private static AmqpMessage Settle(EmulatedQueue queue, AmqpMap body)
    {
        Settlement? how = body[Status] switch
        {
            "completed" => Settlement.Completed,
            "abandoned" => Settlement.Abandoned,
            "suspended" => Settlement.DeadLettered,
            _ => null,
        };
        if (how is not { } settlement) return Failure(501, AmqpErrorCode.NotImplemented, "The emulator does not defer messages.");
        var properties = DeadLetterProperties.Of(body[Reason] as string, body[Description] as string);
        if (body[Changes] is AmqpMap modified)
            foreach (var (key, value) in modified) properties[key.ToString()] = value;
        var settled = Tokens(body).Count(token => queue.TrySettle(token, settlement, properties));
        return settled == Tokens(body).Length ? Success(null) : Failure(410, ServiceBusErrors.MessageLockLost, ServiceBusErrors.LockLostText);
    }

    // An answer is no larger than a message may be: a client asks again from where it ended.
    private static AmqpMessage Peek(EmulatedQueue queue, AmqpMap body)
    {
        var messages = new List<AmqpMap>();
        var bytes = 0;
        foreach (var view in queue.Peek((long)body[From], (int)body[Count]))
        {
            var encoded = MessageCodec.EncodeToBytes(view);
            bytes += encoded.Length;
            if (messages.Count > 0 && bytes > queue.Options.MaxMessageBytes) break;
            messages.Add(new AmqpMap { [Message] = new ArraySegment<byte>(encoded) });
        }
        return messages.Count == 0 ? Answer(204, "No content", null) : Success(new AmqpMap { [Messages] = messages });
    }

    private static Guid[] Tokens(AmqpMap body) => body[LockTokens] as Guid[] ?? [];

    private static AmqpMessage Success(AmqpMap? body) => Answer(200, "OK", body);

    private static AmqpMessage Failure(int status, AmqpSymbol condition, string text)
    {
        var answer = Answer(status, text, null);
        answer.ApplicationProperties.Map["errorCondition"] = condition;
        return answer;
    }

    private static AmqpMessage Answer(int status, string text, AmqpMap? body)
    {
        var answer = body is null ? AmqpMessage.Create() : AmqpMessage.Create(new AmqpValue { Value = body });
        answer.ApplicationProperties = new ApplicationProperties();
        answer.ApplicationProperties.Map["statusCode"] = status;
        answer.ApplicationProperties.Map["statusDescription"] = text;
        return answer;
    }
}
