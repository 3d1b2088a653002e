using EdgeRouter.Restore;

return await RestoreCommand.RunAsync(args, Console.Out, Console.Error, CancellationToken.None);
