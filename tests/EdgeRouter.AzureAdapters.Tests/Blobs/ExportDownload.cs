using System.Net.Http.Headers;
using System.Xml.Linq;
using EdgeRouter.AzureAdapters.Tests.Identity;

namespace EdgeRouter.AzureAdapters.Tests.Blobs;

/// <summary>What an operator does with a storage client: lists a container and downloads all of it.</summary>
internal static class ExportDownload
{
    public static async Task<string> TextAsync(HttpClient client, Uri container, string name) =>
        System.Text.Encoding.UTF8.GetString(await GetAsync(client, new Uri(container, name)));

    public static async Task<int> ToFolderAsync(HttpClient client, Uri container, string folder)
    {
        var list = XDocument.Load(new MemoryStream(await GetAsync(client, new Uri(container.AbsoluteUri.TrimEnd('/') + "?restype=container&comp=list"))));
        var names = list.Descendants("Name").Select(name => name.Value).ToList();
        foreach (var name in names)
        {
            var file = Path.Combine([folder, .. name.Split('/')]);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, await GetAsync(client, new Uri(container, name)));
        }
        return names.Count;
    }

    private static async Task<byte[]> GetAsync(HttpClient client, Uri url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Add("x-ms-version", "2023-11-03");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", FixedCredential.TokenFor("https://storage.azure.com"));
        using var response = await client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsByteArrayAsync();
    }
}
