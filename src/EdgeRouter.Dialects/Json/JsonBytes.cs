using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.Dialects.Json;

/// <summary>Writes JSON values in their one spelling: no white space, strings as <see cref="JsonStrings"/> has them, numbers as they came.</summary>
internal static class JsonBytes
{
    /// <summary>Writes an integer.</summary>
    public static void Write(long value, IBufferWriter<byte> output)
    {
        var span = output.GetSpan(20);
        value.TryFormat(span, out var written, provider: CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    /// <summary>Writes dollars exactly, without an exponent.</summary>
    public static void Write(NanoDollars amount, IBufferWriter<byte> output)
    {
        var span = output.GetSpan(32);
        amount.ToDollars().TryFormat(span, out var written, "0.#########", CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    /// <summary>Writes a value on one line, so that it fits an SSE event.</summary>
    public static void Write(JsonElement value, IBufferWriter<byte> output) => WriteMinified(JsonMarshal.GetRawUtf8Value(value), output);

    /// <summary>Copies valid JSON token by token onto one line.</summary>
    public static void WriteMinified(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        // The reader has checked the depth. A second bound here could only break off a value that is half written.
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        var needsComma = false;
        while (reader.Read())
        {
            var token = reader.TokenType;
            if (needsComma && token is not (JsonTokenType.EndObject or JsonTokenType.EndArray)) output.Write(","u8);
            needsComma = true;
            switch (token)
            {
                case JsonTokenType.StartObject:
                case JsonTokenType.StartArray:
                    output.Write(reader.ValueSpan);
                    needsComma = false;
                    break;
                case JsonTokenType.PropertyName:
                    JsonText.Raw(reader.ValueSpan).WriteValue(output);
                    output.Write(":"u8);
                    needsComma = false;
                    break;
                case JsonTokenType.String:
                    JsonText.Raw(reader.ValueSpan).WriteValue(output);
                    break;
                default:
                    output.Write(reader.ValueSpan);
                    break;
            }
        }
    }
}
