using LoptCluster.ClusterTestKit;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
