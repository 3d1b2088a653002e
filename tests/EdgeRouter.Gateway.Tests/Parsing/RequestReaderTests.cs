using System.Buffers;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Governance;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Gateway.Authentication;
using EdgeRouter.Gateway.Parsing;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace EdgeRouter.Gateway.Tests.Parsing;

public sealed class RequestReaderTests
{
    [Fact]
    public void Request_has_the_operation_of_its_api_even_when_the_api_does_not_set_it()
    {
        var caller = KeyRing.CallerOf("sk-test-0123456789", KeyKind.Inference);

        var request = RequestReader.Read(new DefaultHttpContext(), new SilentApi(), default, caller);

        Assert.Same(Operation.Completion, request.Facts.Operation);
        Assert.Equal(caller.KeyHash, request.Facts.Account);
    }

    /// <summary>An API whose requests do not name their operation.</summary>
    private sealed class SilentApi : ICallerApi
    {
        public string Name => "silent";

        public IReadOnlyList<string> Paths => [];

        public Operation Operation => Operation.Completion;

        public string RequestMediaType => throw new NotSupportedException();

        public string AnswerMediaType => throw new NotSupportedException();

        public string StreamMediaType => throw new NotSupportedException();

        public string ErrorMediaType => throw new NotSupportedException();

        public bool StreamsCarryErrors => true;

        public bool Reads(string? contentType) => throw new NotSupportedException();

        public ReadOnlySpan<byte> KeepAlive => [];

        public CallerRequest Read(IRequestHead head, ReadOnlyMemory<byte> body) => new Asked(new RequestFacts());

        public string FieldOf(RequestFault fault) => throw new NotSupportedException();

        public void WriteError(RouterError error, JsonObject? routerMetadata, IBufferWriter<byte> output) => throw new NotSupportedException();

        public void WriteStreamError(RouterError error, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output) =>
            throw new NotSupportedException();

        public void WriteUpstreamBody(AnswerHeader header, ReadOnlyMemory<byte> body, IBufferWriter<byte> output) => throw new NotSupportedException();
    }
}
