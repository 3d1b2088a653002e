using Azure.Messaging.ServiceBus;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Functions;

/// <summary>
/// Makes the table store that <c>EdgeRouter__Storage</c> names; no request is sent. Throws <see cref="FormatException"/> when the value is not valid.
/// </summary>
/// <param name="setting">Value of the setting.</param>
/// <param name="clientId">Client id of the user-assigned identity; null: whatever identity there is.</param>
internal delegate ITableStore TableStoreOpener(string setting, string? clientId);

/// <summary>
/// Makes the client that <c>EdgeRouter__UsageQueue</c> names; no request is sent. Throws <see cref="FormatException"/> when the value is not valid.
/// </summary>
/// <param name="setting">Value of the setting.</param>
/// <param name="clientId">Client id of the user-assigned identity; null: whatever identity there is.</param>
internal delegate ServiceBusClient ServiceBusOpener(string setting, string? clientId);
