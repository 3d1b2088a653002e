using EdgeRouter.EmbeddedStore.Memory;

namespace EdgeRouter.Functions.Tests.Timers;

public sealed class TimersOnMemoryStoreTests() : TimersContract(new MemoryTableStore());

public sealed class TimersOnAzuriteTests(AzuriteFixture azurite) : TimersContract(azurite.OpenTables());
