using EdgeRouter.EmbeddedStore.Memory;

namespace EdgeRouter.Functions.Tests.Usage;

public sealed class UsageFunctionOnMemoryStoreTests() : UsageFunctionContract(new MemoryTableStore());

public sealed class PipelineOnMemoryStoreTests() : PipelineContract(new MemoryTableStore());
