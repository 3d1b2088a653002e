using EdgeRouter.Core.Catalog;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeRouter.Gateway.Management.Providers;

/// <summary><c>GET /providers</c>: the providers that serve here.</summary>
internal static class ProvidersApi
{
    public static void Map(IEndpointRouteBuilder routes, IServiceProvider services)
    {
        var catalog = services.GetRequiredService<ICatalog>();
        routes.MapGet("/providers", (RequestDelegate)(context => ManagementJson.WriteAsync(context, catalog.Current, static (writer, snapshot) =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("data");
            foreach (var provider in snapshot.Providers)
            {
                writer.WriteStartObject();
                writer.WriteString("name", provider.Name);
                writer.WriteString("slug", provider.Slug);
                writer.StringOrNull("privacy_policy_url", provider.PrivacyPolicyUrl);
                writer.StringOrNull("terms_of_service_url", provider.TermsOfServiceUrl);
                writer.StringOrNull("status_page_url", provider.StatusPageUrl);
                writer.StringOrNull("headquarters", provider.Headquarters);
                if (provider.Datacenters is { } datacenters) writer.StringArray("datacenters", datacenters);
                else writer.WriteNull("datacenters");
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        })));
    }
}
