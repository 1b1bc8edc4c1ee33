using LoptCluster.Cli;
using LoptCluster.Examples.TorchModule;
using LoptCluster.Torch.InnerProblems;

// lopt with a module of this program's: coordinator, worker, train, evaluate and the others know "smallNet".
if (args is ["use", var theta]) return UseTheta.Run(theta);
return await LoptProgram.RunAsync(args, new TorchModules().Add("smallNet", task => new SmallNet(task.Images, task.Classes)));
