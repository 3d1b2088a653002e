namespace EdgeRouter.Gateway.Configuration;

/// <summary>Settings that only the host on Azure Functions uses.</summary>
/// <param name="ClientId">Client id of the router's user-assigned identity; null: the machine's default identity.</param>
/// <param name="FrontDoorId">Id of the Front Door that requests must come through; null: requests may come from anywhere.</param>
/// <param name="UsageJournal">Folder for usage records while Service Bus is unreachable; null: one in the folder for temporary files.</param>
public sealed record AzureSettings(string? ClientId, string? FrontDoorId, string? UsageJournal)
{
    internal static AzureSettings Read(SettingsReader reader) => new(
        reader.Text("Azure:ClientId", "client id of the user-assigned identity for tables, Service Bus and catalog blobs"),
        reader.Text("FrontDoor:Id", "id of the Front Door; requests that did not come through it get 403"),
        reader.Text("Azure:UsageJournal", "folder for usage records while Service Bus is unreachable", "`edgerouter-usage` in the folder for temporary files"));
}
