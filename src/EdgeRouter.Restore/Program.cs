using EdgeRouter.Restore;

return await RestoreCommand.RunAsync(args, Console.Out, Console.Error, TimeProvider.System, CancellationToken.None);
