using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.OpenAIChat.Requests.Checking;
using Xunit;

namespace EdgeRouter.Dialects.Tests.OpenAIChat.Request;

public sealed class InvalidRequestTests
{
    [Theory]
    // whole body
    [InlineData("[]", "body", "JSON object")]
    [InlineData("\"x\"", "body", "JSON object")]
    [InlineData("{}", "messages", "required")]
    [InlineData("""{"model":"a/m"}""", "messages", "required")]
    [InlineData("""{"prompt":null}""", "prompt", "string")]
    [InlineData("""{"prompt":""}""", "prompt", "non-empty")]
    [InlineData("""{"prompt":"x","messages":[{"role":"user","content":"Hi"}]}""", "prompt", "not both")]
    // messages
    [InlineData("""{"messages":null}""", "messages", "array of messages")]
    [InlineData("""{"messages":"Hi"}""", "messages", "array of messages")]
    [InlineData("""{"messages":[]}""", "messages", "non-empty array")]
    [InlineData("""{"messages":["Hi"]}""", "messages[0]", "message")]
    [InlineData("""{"messages":[{}]}""", "messages[0].role", "required")]
    [InlineData("""{"messages":[{"content":"Hi"}]}""", "messages[0].role", "required")]
    [InlineData("""{"messages":[{"role":"robot","content":"Hi"}]}""", "messages[0].role", "'user'")]
    [InlineData("""{"messages":[{"role":7,"content":"Hi"}]}""", "messages[0].role", "'user'")]
    [InlineData("""{"messages":[{"role":null,"content":"Hi"}]}""", "messages[0].role", "'user'")]
    [InlineData("""{"messages":[{"role":"user","role":"system","content":"Hi"}]}""", "messages[0].role", "once")]
    [InlineData("""{"messages":[{"role":"user","content":"Hi","content":"Ho"}]}""", "messages[0].content", "once")]
    [InlineData("""{"messages":[{"role":"user","content":"Hi","x":1,"x":2}]}""", "messages[0].x", "once")]
    [InlineData("""{"messages":[{"role":"user"}]}""", "messages[0].content", "required")]
    [InlineData("""{"messages":[{"role":"user","content":null}]}""", "messages[0].content", "array of content parts")]
    [InlineData("""{"messages":[{"role":"user","content":7}]}""", "messages[0].content", "array of content parts")]
    [InlineData("""{"messages":[{"role":"user","content":{}}]}""", "messages[0].content", "array of content parts")]
    [InlineData("""{"messages":[{"role":"user","content":[]}]}""", "messages[0].content", "non-empty")]
    [InlineData("""{"messages":[{"role":"user","content":"Hi","name":7}]}""", "messages[0].name", "string")]
    [InlineData("""{"messages":[{"role":"system","content":null}]}""", "messages[0].content", "text parts")]
    [InlineData("""{"messages":[{"role":"system","content":[{"type":"image_url","image_url":{"url":"x"}}]}]}""", "messages[0].content[0].type", "'text'")]
    [InlineData("""{"messages":[{"role":"developer","content":"x","configuration_update":{}}]}""", "messages[0].configuration_update.reasoning", "required")]
    [InlineData("""{"messages":[{"role":"developer","content":"x","configuration_update":{"reasoning":{"effort":"x"}}}]}""",
        "messages[0].configuration_update.reasoning.effort", "'high'")]
    [InlineData("""{"messages":[{"role":"user","content":"a"},{"role":"tool","content":"x"}]}""", "messages[1].tool_call_id", "required")]
    [InlineData("""{"messages":[{"role":"tool","tool_call_id":"","content":"x"}]}""", "messages[0].tool_call_id", "non-empty")]
    [InlineData("""{"messages":[{"role":"tool","tool_call_id":"c"}]}""", "messages[0].content", "required")]
    [InlineData("""{"messages":[{"role":"assistant","content":7}]}""", "messages[0].content", "or null")]
    [InlineData("""{"messages":[{"role":"assistant","tool_calls":{}}]}""", "messages[0].tool_calls", "array of tool calls")]
    [InlineData("""{"messages":[{"role":"assistant","tool_calls":[{}]}]}""", "messages[0].tool_calls[0].id", "required")]
    [InlineData("""{"messages":[{"role":"assistant","tool_calls":[{"id":"c"}]}]}""", "messages[0].tool_calls[0].function", "required")]
    [InlineData("""{"messages":[{"role":"assistant","tool_calls":[{"id":"c","function":{"arguments":""}}]}]}""", "messages[0].tool_calls[0].function.name",
        "required")]
    [InlineData("""{"messages":[{"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f"}}]}]}""", "messages[0].tool_calls[0].function.arguments",
        "required")]
    [InlineData("""{"messages":[{"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":{}}}]}]}""",
        "messages[0].tool_calls[0].function.arguments", "string")]
    [InlineData("""{"messages":[{"role":"assistant","tool_calls":[{"id":"c","type":"custom","function":{"name":"f","arguments":""}}]}]}""",
        "messages[0].tool_calls[0].type", "'function'")]
    [InlineData("""{"messages":[{"role":"assistant","content":"","reasoning":{}}]}""", "messages[0].reasoning", "string")]
    [InlineData("""{"messages":[{"role":"assistant","content":"","reasoning_details":[{}]}]}""", "messages[0].reasoning_details[0].type", "required")]
    [InlineData("""{"messages":[{"role":"assistant","content":"","reasoning_details":[{"type":"reasoning.encrypted"}]}]}""",
        "messages[0].reasoning_details[0].data", "required")]
    [InlineData("""{"messages":[{"role":"assistant","content":"","reasoning_details":[{"type":"x","index":"0"}]}]}""",
        "messages[0].reasoning_details[0].index", "integer")]
    [InlineData("""{"messages":[{"role":"assistant","content":"","images":[{}]}]}""", "messages[0].images[0].image_url", "required")]
    // content parts
    [InlineData("""{"messages":[{"role":"user","content":["Hi"]}]}""", "messages[0].content[0]", "content part")]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":"Hi"}]}]}""", "messages[0].content[0].type", "required")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":"x"},{"type":"hologram","hologram":{}}]}]}""",
        "messages[0].content[1].type", "type of a content part")]
    [InlineData("""{"messages":[{"role":"tool","tool_call_id":"c","content":[{"type":"tool_result"}]}]}""", "messages[0].content[0].type",
        "type of a content part")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text"}]}]}""", "messages[0].content[0].text", "required")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"hologram"}]}]}""",
        "messages[0].content[1].type", "not 'hologram'")]
    [InlineData("""{"messages":[{"role":"user","content":[{"hologram":{},"type":"h\u006flogram"}]}]}""", "messages[0].content[0].type", "not 'hologram'")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":7}]}]}""", "messages[0].content[0].type", "'image_url'")]
    [InlineData("""{"messages":[{"role":"assistant","content":[{"type":"tool_use"}]}]}""", "messages[0].content[0].type", "'refusal'")]
    [InlineData("""{"messages":[{"role":"assistant","content":[{"type":"refusal"}]}]}""", "messages[0].content[0].refusal", "required")]
    [InlineData("""{"messages":[{"role":"tool","tool_call_id":"c","content":[{"type":"document"}]}]}""", "messages[0].content[0].type", "not 'document'")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":null}]}]}""", "messages[0].content[0].text", "string")]
    [InlineData("""{"messages":[{"role":"user","content":"a"},{"role":"user","content":"b"},"""
        + """{"role":"user","content":[{"type":"image_url","image_url":{"url":7}}]}]}""",
        "messages[2].content[0].image_url.url", "string")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":"x"},{"type":"image_url","image_url":"http://x"}]}]}""",
        "messages[0].content[1].image_url", "object")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{}}]}]}""", "messages[0].content[0].image_url.url", "required")]
    [InlineData("""{"messages":[{"role":"user","content":[{"image_url":{"url":"x","detail":"huge"},"type":"image_url"}]}]}""",
        "messages[0].content[0].image_url.detail", "'auto'")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"UklG"}}]}]}""",
        "messages[0].content[0].input_audio.format", "required")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"video_url","video_url":{"url":"x","processing":"fast"}}]}]}""",
        "messages[0].content[0].video_url.processing", "'static'")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"input_video"}]}]}""", "messages[0].content[0].video_url", "required")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"file","file":{"filename":"a"}}]}]}""", "messages[0].content[0].file.file_data", "file_id")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":"x","cache_control":{"type":"forever"}}]}]}""",
        "messages[0].content[0].cache_control.type", "'ephemeral'")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":"x","cache_control":{"type":"ephemeral","ttl":"2h"}}]}]}""",
        "messages[0].content[0].cache_control.ttl", "'1h'")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":"x","prompt_cache_breakpoint":{"mode":"auto"}}]}]}""",
        "messages[0].content[0].prompt_cache_breakpoint.mode", "'explicit'")]
    public void A_wrong_conversation_names_the_field(string body, string field, string expected) => Rejects(RequestCorpus.Bytes(body), field, expected);

    [Theory]
    [InlineData("\"model\":7", "model", "string")]
    [InlineData("\"model\":null", "model", "string")]
    [InlineData("\"model\":\"\"", "model", "non-empty")]
    [InlineData("\"model\":\"@preset/x\"", "model", "presets are not configured")]
    [InlineData("\"model\":\"a/m@preset/x\"", "model", "presets are not configured")]
    [InlineData("\"models\":\"a/m\"", "models", "array")]
    [InlineData("\"models\":[\"a/m\",7]", "models[1]", "string")]
    [InlineData("\"models\":[\"a/m\",\"@preset/x\"]", "models[1]", "presets are not configured")]
    [InlineData("\"preset\":\"x\"", "preset", "presets are not configured")]
    [InlineData("\"route\":\"best\"", "route", "'fallback'")]
    [InlineData("\"stream\":\"true\"", "stream", "true or false")]
    [InlineData("\"stream\":null", "stream", "true or false")]
    [InlineData("\"stream_options\":{\"include_usage\":1}", "stream_options.include_usage", "true or false")]
    [InlineData("\"usage\":true", "usage", "object")]
    [InlineData("\"max_tokens\":0", "max_tokens", "at least 1")]
    [InlineData("\"max_tokens\":1.5", "max_tokens", "integer")]
    [InlineData("\"max_tokens\":\"100\"", "max_tokens", "integer")]
    [InlineData("\"max_tokens\":99999999999", "max_tokens", "integer")]
    [InlineData("\"max_completion_tokens\":-1", "max_completion_tokens", "at least 1")]
    [InlineData("\"n\":0", "n", "from 1 to 128")]
    [InlineData("\"temperature\":2.01", "temperature", "from 0 to 2")]
    [InlineData("\"temperature\":-0.1", "temperature", "from 0 to 2")]
    [InlineData("\"temperature\":\"0.7\"", "temperature", "number from 0 to 2")]
    [InlineData("\"temperature\":1e999", "temperature", "number from 0 to 2")]
    [InlineData("\"top_p\":1.1", "top_p", "from 0 to 1")]
    [InlineData("\"top_k\":-1", "top_k", "at least 0")]
    [InlineData("\"top_k\":1.5", "top_k", "integer")]
    [InlineData("\"min_p\":2", "min_p", "from 0 to 1")]
    [InlineData("\"top_a\":-1", "top_a", "from 0 to 1")]
    [InlineData("\"frequency_penalty\":-2.5", "frequency_penalty", "from -2 to 2")]
    [InlineData("\"presence_penalty\":3", "presence_penalty", "from -2 to 2")]
    [InlineData("\"repetition_penalty\":-1", "repetition_penalty", "from 0 to 2")]
    [InlineData("\"seed\":1.5", "seed", "integer")]
    [InlineData("\"stop\":7", "stop", "at most 4")]
    [InlineData("\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]", "stop", "at most 4")]
    [InlineData("\"stop\":[\"a\",7]", "stop[1]", "string")]
    [InlineData("\"logit_bias\":[]", "logit_bias", "object")]
    [InlineData("\"logit_bias\":{\"50256\":101}", "logit_bias.50256", "from -100 to 100")]
    [InlineData("\"logprobs\":1", "logprobs", "true or false")]
    [InlineData("\"top_logprobs\":21", "top_logprobs", "from 0 to 20")]
    [InlineData("\"prediction\":{\"type\":\"x\",\"content\":\"y\"}", "prediction.type", "'content'")]
    [InlineData("\"prediction\":{\"type\":\"content\"}", "prediction.content", "required")]
    [InlineData("\"prediction\":{\"type\":\"content\",\"content\":[{\"type\":\"text\"}]}", "prediction.content[0].text", "required")]
    [InlineData("\"structured_outputs\":{}", "structured_outputs", "true or false")]
    [InlineData("\"parallel_tool_calls\":\"no\"", "parallel_tool_calls", "true or false")]
    [InlineData("\"max_tool_calls\":0", "max_tool_calls", "at least 1")]
    [InlineData("\"stop_server_tools_when\":[{\"type\":\"x\"}]", "stop_server_tools_when[0].type", "condition")]
    [InlineData("\"reasoning\":\"high\"", "reasoning", "object")]
    [InlineData("\"reasoning\":{\"effort\":\"huge\"}", "reasoning.effort", "'medium'")]
    [InlineData("\"reasoning\":{\"max_tokens\":0}", "reasoning.max_tokens", "at least 1")]
    [InlineData("\"reasoning\":{\"effort\":\"low\",\"max_tokens\":10}", "reasoning.max_tokens", "not both")]
    [InlineData("\"reasoning\":{\"max_tokens\":10},\"reasoning_effort\":\"low\"", "reasoning.max_tokens", "not both")]
    [InlineData("\"reasoning\":{\"effort\":\"low\"},\"reasoning_effort\":\"high\"", "reasoning_effort", "'low'")]
    [InlineData("\"reasoning_effort\":\"none!\"", "reasoning_effort", "'none'")]
    [InlineData("\"include_reasoning\":\"yes\"", "include_reasoning", "true or false")]
    [InlineData("\"verbosity\":\"chatty\"", "verbosity", "'low'")]
    [InlineData("\"modalities\":[\"smell\"]", "modalities[0]", "'audio'")]
    [InlineData("\"modalities\":\"text\"", "modalities", "array")]
    [InlineData("\"audio\":{\"voice\":7}", "audio.voice", "string")]
    [InlineData("\"image_config\":{\"a\":true}", "image_config.a", "number")]
    [InlineData("\"cache_control\":{}", "cache_control.type", "required")]
    [InlineData("\"cache_control\":{\"type\":\"ephemeral\",\"x\":1}", "cache_control.x", "Unrecognized key(s) in object: 'x'")]
    [InlineData("\"prompt_cache_key\":7", "prompt_cache_key", "string")]
    [InlineData("\"prompt_cache_options\":{\"mode\":\"auto\"}", "prompt_cache_options.mode", "'explicit'")]
    [InlineData("\"service_tier\":\"gold\"", "service_tier", "'flex'")]
    [InlineData("\"speed\":\"slow\"", "speed", "'fast'")]
    [InlineData("\"user\":7", "user", "string")]
    [InlineData("\"metadata\":{\"a\":7}", "metadata.a", "string")]
    [InlineData("\"trace\":{\"trace_id\":7}", "trace.trace_id", "string")]
    [InlineData("\"debug\":{\"echo_upstream_body\":1}", "debug.echo_upstream_body", "true or false")]
    [InlineData("\"web_search_options\":{\"search_context_size\":\"xl\"}", "web_search_options.search_context_size", "'low'")]
    public void A_wrong_parameter_names_the_field(string members, string field, string expected) =>
        Rejects(RequestCorpus.WithMembers(members), field, expected);

    [Theory]
    [InlineData("{}", "response_format.type", "required")]
    [InlineData("{\"type\":\"xml\"}", "response_format.type", "'json_schema'")]
    [InlineData("{\"type\":\"json_schema\"}", "response_format.json_schema", "required")]
    [InlineData("{\"type\":\"json_schema\",\"json_schema\":{}}", "response_format.json_schema.name", "required")]
    [InlineData("{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a b\"}}", "response_format.json_schema.name", "letters")]
    [InlineData("{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"\"}}", "response_format.json_schema.name", "1 to 64")]
    [InlineData("{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\",\"schema\":[]}}", "response_format.json_schema.schema", "JSON Schema")]
    [InlineData("{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\",\"strict\":\"yes\"}}", "response_format.json_schema.strict", "true or false")]
    [InlineData("{\"type\":\"grammar\"}", "response_format.grammar", "required")]
    public void A_wrong_answer_format_names_the_field(string format, string field, string expected) =>
        Rejects(RequestCorpus.WithMembers($"\"response_format\":{format}"), field, expected);

    [Theory]
    [InlineData("\"tools\":null", "tools", "array of tools")]
    [InlineData("\"tools\":[{}]", "tools[0].type", "required")]
    [InlineData("\"tools\":[{\"type\":\"function\"}]", "tools[0].function", "required")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{}}]", "tools[0].function.name", "required")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"\"}}]", "tools[0].function.name", "1 to 64")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":\"{}\"}}]", "tools[0].function.parameters", "JSON Schema")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"strict\":1}}]", "tools[0].function.strict", "true or false")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"name\":\"g\"}}]", "tools[0].function.name", "once")]
    [InlineData("\"tools\":[{\"type\":\"openrouter:web_search\"}]", "tools[0].type", "does not run server tools")]
    [InlineData("\"tools\":[{\"type\":\"web_search_preview\"}]", "tools[0].type", "does not run server tools")]
    [InlineData("\"tools\":[{\"type\":\"custom\",\"custom\":{}}]", "tools[0].type", "'function'")]
    [InlineData("\"tool_choice\":\"maybe\"", "tool_choice", "'auto'")]
    [InlineData("\"tool_choice\":7", "tool_choice", "'auto'")]
    [InlineData("\"tool_choice\":{\"type\":\"function\"}", "tool_choice.function", "required")]
    [InlineData("\"tool_choice\":{\"type\":\"function\",\"function\":{}}", "tool_choice.function.name", "required")]
    [InlineData("\"tool_choice\":{\"type\":\"openrouter:datetime\"}", "tool_choice.type", "does not run server tools")]
    [InlineData("\"plugins\":{}", "plugins", "array")]
    [InlineData("\"plugins\":[{}]", "plugins[0].id", "required")]
    [InlineData("\"plugins\":[{\"id\":\"teleport\"}]", "plugins[0].id", "id of a plugin")]
    [InlineData("\"plugins\":[{\"id\":\"web\"}]", "plugins[0].enabled", "does not run the plugin 'web'")]
    [InlineData("\"plugins\":[{\"id\":\"web\",\"enabled\":false},{\"id\":\"file-parser\",\"enabled\":true}]", "plugins[1].enabled",
        "does not run the plugin 'file-parser'")]
    [InlineData("\"transforms\":[\"middle-out\"]", "transforms[0]", "does not transform")]
    public void A_wrong_tool_or_plugin_names_the_field(string members, string field, string expected) =>
        Rejects(RequestCorpus.WithMembers(members), field, expected);

    [Theory]
    [InlineData("\"x\"", "provider", "object")]
    [InlineData("{\"ordre\":[]}", "provider.ordre", "Unrecognized key(s) in object: 'ordre'")]
    [InlineData("{\"order\":\"openai\"}", "provider.order", "array")]
    [InlineData("{\"order\":[\"openai\",7]}", "provider.order[1]", "string")]
    [InlineData("{\"only\":[\"\"]}", "provider.only[0]", "non-empty")]
    [InlineData("{\"ignore\":{}}", "provider.ignore", "array")]
    [InlineData("{\"allow_fallbacks\":\"no\"}", "provider.allow_fallbacks", "true or false")]
    [InlineData("{\"require_parameters\":1}", "provider.require_parameters", "true or false")]
    [InlineData("{\"data_collection\":\"maybe\"}", "provider.data_collection", "'deny'")]
    [InlineData("{\"zdr\":\"yes\"}", "provider.zdr", "true or false")]
    [InlineData("{\"enforce_distillable_text\":0}", "provider.enforce_distillable_text", "true or false")]
    [InlineData("{\"quantizations\":[\"int3\"]}", "provider.quantizations[0]", "'int4'")]
    [InlineData("{\"sort\":\"\"}", "provider.sort", "1 to 64 characters")]
    [InlineData("{\"sort\":7}", "provider.sort", "the name of an ordering")]
    [InlineData("{\"sort\":{\"by\":7}}", "provider.sort.by", "1 to 64 characters")]
    [InlineData("{\"sort\":{\"partition\":\"all\"}}", "provider.sort.partition", "'none'")]
    [InlineData("{\"sort\":{\"order\":1}}", "provider.sort.order", "Unrecognized key(s)")]
    [InlineData("{\"preferred_min_throughput\":-1}", "provider.preferred_min_throughput", "at least 0")]
    [InlineData("{\"preferred_max_latency\":{\"p50\":\"1\"}}", "provider.preferred_max_latency.p50", "number")]
    [InlineData("{\"preferred_max_latency\":{\"p95\":1}}", "provider.preferred_max_latency.p95", "Unrecognized key(s)")]
    [InlineData("{\"max_price\":1}", "provider.max_price", "object")]
    [InlineData("{\"max_price\":{\"prompt\":-1}}", "provider.max_price.prompt", "not negative")]
    [InlineData("{\"max_price\":{\"completion\":\"-0.5\"}}", "provider.max_price.completion", "not negative")]
    [InlineData("{\"max_price\":{\"image\":\"cheap\"}}", "provider.max_price.image", "number or a string")]
    [InlineData("{\"max_price\":{\"audio\":1e60}}", "provider.max_price.audio", "number or a string")]
    [InlineData("{\"max_price\":{\"request\":true}}", "provider.max_price.request", "number or a string")]
    [InlineData("{\"options\":{}}", "provider.options", "Unrecognized key(s)")]
    public void A_wrong_provider_preference_names_the_field(string provider, string field, string expected) =>
        Rejects(RequestCorpus.WithMembers($"\"provider\":{provider}"), field, expected);

    [Fact]
    public void Too_long_texts_and_too_many_pairs_name_the_field()
    {
        var pairs = string.Join(',', Enumerable.Range(0, 17).Select(i => $"\"k{i}\":\"v\""));
        Rejects(RequestCorpus.WithMembers($"\"metadata\":{{{pairs}}}"), "metadata", "16");
        Rejects(RequestCorpus.WithMembers($"\"metadata\":{{\"k\":\"{new string('v', 513)}\"}}"), "metadata.k", "512");
        Rejects(RequestCorpus.WithMembers($"\"metadata\":{{\"{new string('k', 65)}\":\"v\"}}"), $"metadata.{new string('k', 64)}...", "64");
        Rejects(RequestCorpus.WithMembers($"\"session_id\":\"{new string('é', 257)}\""), "session_id", "256");
        Rejects(RequestCorpus.WithMembers($"\"tools\":[{{\"type\":\"function\",\"function\":{{\"name\":\"{new string('f', 65)}\"}}}}]"),
            "tools[0].function.name", "64");
        var unknown = string.Join(',', Enumerable.Range(0, 65).Select(i => $"\"u{i}\":1"));
        Rejects(RequestCorpus.WithMembers(unknown), "u64", "at most 64 unknown");
        Rejects(RequestCorpus.WithMessages($"{{\"role\":\"user\",\"content\":\"Hi\",{unknown}}}"), "messages[0].u16", "at most 16 unknown");
    }

    [Fact]
    public void Lengths_are_counted_in_characters_not_bytes()
    {
        OpenAIChatRequestScanner.Scan(RequestCorpus.WithMembers($"\"session_id\":\"{new string('é', 256)}\""));
        OpenAIChatRequestScanner.Scan(RequestCorpus.WithMembers($"\"metadata\":{{\"{new string('é', 64)}\":\"{new string('€', 512)}\"}}"));
    }

    private static void Rejects(byte[] body, string field, string expected)
    {
        var error = Assert.Throws<RouterException>(() => OpenAIChatRequestScanner.Scan(body)).Error;
        Assert.Equal((400, ErrorTypes.InvalidRequest, field), (error.Status, error.Type, error.Field));
        Assert.StartsWith(field + ": ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
