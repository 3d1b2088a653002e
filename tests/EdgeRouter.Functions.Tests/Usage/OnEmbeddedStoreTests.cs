using EdgeRouter.Core.Storage;

namespace EdgeRouter.Functions.Tests.Usage;

public sealed class UsageFunctionOnEmbeddedStoreTests() : UsageFunctionContract(EmbeddedTableStore.InMemory());

public sealed class PipelineOnEmbeddedStoreTests() : PipelineContract(EmbeddedTableStore.InMemory());
