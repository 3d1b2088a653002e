namespace EdgeRouter.Core.Health;

/// <summary>How far back a statistic looks.</summary>
public enum HealthWindow
{
    /// <summary>5 minutes: what routing decides by.</summary>
    FiveMinutes,

    /// <summary>30 minutes: what the API publishes.</summary>
    ThirtyMinutes,

    /// <summary>1 day: long-run uptime and tool calling.</summary>
    OneDay,
}
