using LoptCluster.Chaos;

return await ChaosCommand.Create().Parse(args).InvokeAsync();
