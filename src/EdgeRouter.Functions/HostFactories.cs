using Azure.Messaging.ServiceBus;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Functions;

/// <summary>
/// Makes the table store that <c>EdgeRouter__Storage</c> names; no request is sent. Throws <see cref="FormatException"/> when the value is not valid.
/// </summary>
/// <param name="setting">Value of the setting.</param>
/// <param name="clientId">Client id of the user-assigned identity; null: the machine's default identity.</param>
internal delegate ITableStore TableStoreFactory(string setting, string? clientId);

/// <summary>
/// Makes the client that <c>EdgeRouter__UsageQueue</c> names; no request is sent. Throws <see cref="FormatException"/> when the value is not valid.
/// </summary>
/// <param name="setting">Value of the setting.</param>
/// <param name="clientId">Client id of the user-assigned identity; null: the machine's default identity.</param>
internal delegate ServiceBusClient ServiceBusFactory(string setting, string? clientId);
