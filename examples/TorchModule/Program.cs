using LoptCluster.Cli;
using LoptCluster.Examples.TorchModule;
using LoptCluster.Torch.InnerProblems;

// This program is lopt with an additional module: coordinator, worker, train, evaluate and the other commands accept "smallNet".
if (args is ["use", var theta]) return UseTheta.Run(theta);
return await LoptProgram.RunAsync(args, new TorchModules().Add("smallNet", task => new SmallNet(task.Images, task.Classes)));
