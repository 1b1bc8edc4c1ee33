using System.Diagnostics.Metrics;
using LoptCluster.ClusterTestKit;
