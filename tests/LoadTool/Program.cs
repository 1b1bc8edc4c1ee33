using LoptCluster.LoadTool;

return await LoadCommand.Create().Parse(args).InvokeAsync();
