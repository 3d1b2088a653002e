using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using EdgeRouter.Dialects.Embeddings.Caller.Answers;
using EdgeRouter.Dialects.Wires;
using Xunit;

namespace EdgeRouter.Dialects.Tests.Embeddings;

/// <summary>Numbers to base64 and back.</summary>
public sealed class EmbeddingEncodingTests
{
    [Fact]
    public void Every_float_survives_both_ways()
    {
        var random = new Random(7);
        var floats = Enumerable.Range(0, 5000).Select(_ => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue))).Where(float.IsFinite)
            .Concat([0, -0f, 1, -1, float.MaxValue, float.MinValue, float.Epsilon, 1e-5f, 0.1f]).ToArray();
        var base64 = Vector($"\"{System.Convert.ToBase64String(MemoryMarshal.AsBytes<float>(floats))}\"");

        var numbers = Convert(base64, toBase64: false);
        var back = Convert(numbers, toBase64: true);

        Assert.Equal(floats, JsonSerializer.Deserialize<float[]>(numbers.Bytes.Span)!);
        Assert.Equal(Encoding.UTF8.GetString(base64.Bytes.Span), Encoding.UTF8.GetString(back.Bytes.Span));
        Assert.Equal((floats.Length, floats.Length), (numbers.Length, back.Length));
    }

    [Fact]
    public void Vectors_in_the_encoding_that_is_asked_for_stay_the_providers_bytes()
    {
        var answer = new EmbeddingAnswer([Vector("[ 0.10, 1E+0 ]")]);

        Assert.Same(answer, EmbeddingEncoding.Convert(answer, toBase64: false));
    }

    [Theory]
    [InlineData("[1e39]", true)]
    [InlineData("\"AADAfw==\"", false)]
    [InlineData("\"AACAfw==\"", false)]
    public void Number_without_a_place_in_the_other_encoding_is_a_fault_of_the_provider(string vector, bool toBase64) =>
        Assert.Throws<UpstreamFormatException>(() => Convert(Vector(vector), toBase64));

    [Theory]
    [InlineData("[0.5,-1]", 2)]
    [InlineData("[]", 0)]
    [InlineData("\"AAAAPwAAgL8=\"", 2)]
    [InlineData("\"AAAA\\/w==\"", 1)]
    [InlineData("\"\"", 0)]
    public void Length_is_the_count_of_numbers(string vector, int length) => Assert.Equal(length, Vector(vector).Length);

    [Theory]
    [InlineData("[1,\"2\"]")]
    [InlineData("[[1]]")]
    [InlineData("{\"float\":[1]}")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("\"AAAA\"")]
    [InlineData("\"AAAA PwAAgL8=\"")]
    [InlineData("\"AAAAPwAAgL8\"")]
    [InlineData("\"\\u00e9\"")]
    public void What_is_no_vector_is_a_fault_of_the_provider(string vector) => Assert.Throws<UpstreamFormatException>(() => Vector(vector));

    private static EmbeddingVector Convert(EmbeddingVector vector, bool toBase64) =>
        Assert.Single(EmbeddingEncoding.Convert(new EmbeddingAnswer([vector]), toBase64).Vectors);

    private static EmbeddingVector Vector(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var reader = new Utf8JsonReader(bytes);
        reader.Read();
        return EmbeddingVector.Read(ref reader, bytes);
    }
}
