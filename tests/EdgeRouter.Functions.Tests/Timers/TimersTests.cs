using EdgeRouter.Core.Storage;

namespace EdgeRouter.Functions.Tests.Timers;

public sealed class TimersOnEmbeddedStoreTests() : TimersContract(EmbeddedTableStore.InMemory());

public sealed class TimersOnAzuriteTests(AzuriteFixture azurite) : TimersContract(azurite.OpenTables());
