using System.Diagnostics;
using Azure.Messaging.ServiceBus;
using EdgeRouter.Emulators.ServiceBus;
using Xunit;

namespace EdgeRouter.Emulators.Tests.ServiceBus;

public sealed class ProgramTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_program_serves_the_queues_it_is_told_to()
    {
        using var program = Start("--port", "0", "--queue", "one", "two");
        try
        {
            var connectionString = await program.StandardOutput.ReadLineAsync().WaitAsync(Limit);
            Assert.NotNull(connectionString);
            await using var client = new ServiceBusClient(connectionString);
            foreach (var queue in (string[])["one", "two"])
            {
                await client.CreateSender(queue).SendMessageAsync(new ServiceBusMessage(queue)).WaitAsync(Limit);
                Assert.Equal(queue, (await client.CreateReceiver(queue).ReceiveMessageAsync().WaitAsync(Limit)).Body.ToString());
            }
        }
        finally
        {
            program.Kill();
        }
    }

    [Theory]
    [InlineData("--port")]
    [InlineData("--port", "x")]
    [InlineData("--queue")]
    [InlineData("usage")]
    public async Task Other_arguments_are_refused(params string[] arguments)
    {
        using var program = Start(arguments);
        await program.WaitForExitAsync().WaitAsync(Limit);
        Assert.Equal((2, "usage: "), (program.ExitCode, (await program.StandardError.ReadLineAsync())![..7]));
    }

    private static Process Start(params string[] arguments)
    {
        var assembly = Path.Combine(AppContext.BaseDirectory, typeof(ServiceBusEmulator).Assembly.GetName().Name + ".dll");
        return Process.Start(new ProcessStartInfo("dotnet", [assembly, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }
}
