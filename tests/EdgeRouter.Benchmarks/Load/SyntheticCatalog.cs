using System.Globalization;
using System.Text;

namespace EdgeRouter.Benchmarks.Load;

/// <summary>A catalog file of the size that an import of public price lists has.</summary>
internal sealed class SyntheticCatalog : IDisposable
{
    private const int Models = 400;
    private const int Endpoints = 1500;
    private const int Providers = 60;

    public SyntheticCatalog() => System.IO.File.WriteAllText(File, Write());

    public string File { get; } = Path.Combine(Path.GetTempPath(), $"edgerouter-bench-{Guid.NewGuid():N}.json");

    public void Dispose() => System.IO.File.Delete(File);

    private static string Write()
    {
        var json = new StringBuilder("{\"providers\":[");
        for (var provider = 0; provider < Providers; provider++)
            json.Append(CultureInfo.InvariantCulture, $$"""
                {{(provider == 0 ? "" : ",")}}{"slug":"p{{provider}}","name":"Provider {{provider}}","dialect":"openai-chat",
                 "base_url":"https://p{{provider}}.example/v1","auth":"none"}
                """);
        json.Append("],\"models\":[");
        for (var model = 0; model < Models; model++)
        {
            json.Append(CultureInfo.InvariantCulture, $$"""
                {{(model == 0 ? "" : ",")}}{"id":"author{{model % 40}}/model-{{model}}","name":"Model {{model}}","created":1760000000,"context_length":128000,
                 "input_modalities":["text","image"],"output_modalities":["text"],"endpoints":[
                """);
            var first = model * Endpoints / Models;
            var next = (model + 1) * Endpoints / Models;
            for (var endpoint = first; endpoint < next; endpoint++)
                json.Append(CultureInfo.InvariantCulture, $$"""
                    {{(endpoint == first ? "" : ",")}}{"provider":"p{{endpoint % Providers}}","tag":"p{{endpoint % Providers}}","upstream_model":"m{{model}}",
                     "context_length":128000,"max_completion_tokens":8192,"pricing":{"prompt":"0.000001","completion":"0.000002"},
                     "supported_parameters":["temperature","max_tokens","tools","tool_choice","response_format"]}
                    """);
            json.Append("]}");
        }
        return json.Append("]}").ToString();
    }
}
