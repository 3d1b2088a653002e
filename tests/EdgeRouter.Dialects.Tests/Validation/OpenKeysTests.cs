using System.Text;
using EdgeRouter.Dialects.Validation;
using Xunit;

namespace EdgeRouter.Dialects.Tests.Validation;

public sealed class OpenKeysTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Nested_objects_of_any_size_are_told_apart(int seed)
    {
        var random = new Random(seed);
        var keys = new OpenKeys();
        for (var round = 0; round < 20; round++)
        {
            var body = new StringBuilder();
            var ranges = Enumerable.Range(0, 400).Select(i => Write(body, i, random)).ToArray();
            Fill(keys, Encoding.UTF8.GetBytes(body.ToString()), ranges, random, depth: 0);
            Assert.Equal(0, keys.Count);
            keys.Clear();
        }
    }

    private static void Fill(OpenKeys keys, byte[] body, (int Start, int Length, bool IsEscaped)[] ranges, Random random, int depth)
    {
        var opened = keys.Count;
        var count = random.Next(4) == 0 ? random.Next(ranges.Length) : random.Next(12);
        var chosen = Enumerable.Range(0, ranges.Length).ToArray();
        random.Shuffle(chosen);
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(KeyResult.Added, Add(chosen[i]));
            if (depth < 3 && random.Next(20) == 0) Fill(keys, body, ranges, random, depth + 1);
            if (random.Next(5) == 0) Assert.Equal(KeyResult.Duplicate, Add(chosen[random.Next(i + 1)]));
        }
        keys.Close(opened);

        KeyResult Add(int index) => keys.Add(body, opened, ranges[index].Start, ranges[index].Length, ranges[index].IsEscaped);
    }

    private static (int Start, int Length, bool IsEscaped) Write(StringBuilder body, int number, Random random)
    {
        var name = $"k{number}";
        var isEscaped = random.Next(3) == 0;
        if (isEscaped) name = "\\u006b" + name[1..];
        body.Append('"').Append(name).Append('"');
        return (body.Length - 1 - name.Length, name.Length, isEscaped);
    }
}
