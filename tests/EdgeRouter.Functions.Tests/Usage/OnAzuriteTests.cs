namespace EdgeRouter.Functions.Tests.Usage;

public sealed class UsageFunctionOnAzuriteTests(AzuriteFixture azurite) : UsageFunctionContract(azurite.OpenTables());

public sealed class PipelineOnAzuriteTests(AzuriteFixture azurite) : PipelineContract(azurite.OpenTables());
