using EdgeRouter.Emulators.ServiceBus.Faults;
using Microsoft.Azure.Amqp.Sasl;

namespace EdgeRouter.Emulators.ServiceBus.Amqp;

/// <summary>The mechanism by which the client says that it will send a token on <c>$cbs</c> later: everyone is let in.</summary>
internal sealed class TokenSaslHandler : SaslHandler
{
    private readonly FaultSwitches faults;

    public TokenSaslHandler(FaultSwitches faults)
    {
        this.faults = faults;
        Mechanism = "MSSBCBS";
    }

    public override SaslHandler Clone() => new TokenSaslHandler(faults);

    public override void OnChallenge(SaslChallenge challenge) => throw new NotSupportedException();

    public override void OnResponse(SaslResponse response) => throw new NotSupportedException();

    protected override void OnStart(SaslInit init, bool isClient)
    {
        if (!faults.IsSilent) Negotiator.CompleteNegotiation(SaslCode.Ok, null);
    }
}
