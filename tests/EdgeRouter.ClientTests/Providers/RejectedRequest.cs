namespace EdgeRouter.ClientTests.Providers;

/// <summary>What is wrong with a request; each provider has its own words for it.</summary>
internal enum RequestFault
{
    UnknownMember,
    MissingMember,
    WrongType,
    InvalidValue,
    WrongKey,
    NoSuchModel,
    TooManyRequests,
    Overloaded,
}

/// <summary>A provider stub refuses a request. Never an accident: a stub that refuses what the router sends has found a bug of one of them.</summary>
/// <param name="fault">What is wrong.</param>
/// <param name="member">Path of the member at fault, such as <c>messages[0].content</c>.</param>
/// <param name="detail">What was expected instead.</param>
internal sealed class RejectedRequest(RequestFault fault, string member, string detail) : Exception($"{member}: {fault}, {detail}")
{
    public RequestFault Fault => fault;

    public string Member => member;

    public string Detail => detail;

    public static RejectedRequest Invalid(string member, string detail) => new(RequestFault.InvalidValue, member, detail);
}
